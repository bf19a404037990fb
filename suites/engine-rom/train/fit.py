"""Trains the sequence model; same seed, same weights (on one kind of processor)."""

import numpy as np
import tensorflow as tf
import tf_keras as keras

import dataset
import network
import settings


def rmse(a, b):
    return float(np.sqrt(np.mean((np.asarray(a, np.float64) - np.asarray(b, np.float64)) ** 2)))


class Progress(keras.callbacks.Callback):
    """One line every 20 epochs: the training error and the error on sequences that training never sees."""

    def __init__(self, inputs, torque):
        super().__init__()
        self.inputs, self.torque = inputs, torque

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 20 == 19:
            train = np.sqrt(logs["loss"]) * settings.TORQUE_HALF_RANGE_NM
            print(f"epoch {epoch + 1}: training {train:.2f} Nm, validation {rmse(network.predict_nm(self.model, self.inputs), self.torque):.2f} Nm",
                  flush=True)


def be_deterministic():
    """One thread, because sums split over threads round in another order on another machine."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(settings.SEED)
    tf.config.experimental.enable_op_determinism()


def fit():
    """The trained model and its error on the validation sequences in Nm."""
    inputs, torque = dataset.load_set("training")
    valid_inputs, valid_torque = dataset.load_set("validation")
    inputs, valid_inputs = dataset.as_coarse_as_int8(inputs), dataset.as_coarse_as_int8(valid_inputs)
    target = ((torque - settings.TORQUE_CENTRE_NM) / settings.TORQUE_HALF_RANGE_NM)[..., None]
    model = network.sequence_model()
    steps = settings.EPOCHS * -(-len(inputs) // settings.BATCH_SEQUENCES)
    rate = keras.optimizers.schedules.CosineDecay(settings.FIRST_LEARNING_RATE, steps, alpha=settings.LAST_LEARNING_RATE_SHARE)
    model.compile(keras.optimizers.Adam(rate, clipnorm=settings.GRADIENT_NORM_LIMIT), "mse")
    model.fit(inputs, target, batch_size=settings.BATCH_SEQUENCES, epochs=settings.EPOCHS, verbose=0,
              callbacks=[Progress(valid_inputs, valid_torque)])
    return model, rmse(network.predict_nm(model, valid_inputs), valid_torque)


def reload(weights):
    """The same as fit(), from saved weights: to convert again without training."""
    model = network.sequence_model()
    model.load_weights(weights)
    inputs, torque = dataset.load_set("validation")
    return model, rmse(network.predict_nm(model, dataset.as_coarse_as_int8(inputs)), torque)
