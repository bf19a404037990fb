"""The LSTM in its two forms: over whole sequences for training, one 10 ms step for the device."""

import numpy as np
import tf_keras as keras

import settings


def sequence_model():
    """[sequence, sample, 4] -> [sequence, sample, 1], scaled torque; state 0 before the first sample."""
    return keras.Sequential([
        keras.layers.Input((None, settings.INPUTS)),
        keras.layers.LSTM(settings.UNITS, return_sequences=True, name="lstm"),
        keras.layers.Dense(1, name="torque"),
    ])


def step_model(trained):
    """[1, 1, 4] -> [1, 1, 1] in Nm, with the trained weights and the scaling of the target folded into the last layer."""
    model = keras.Sequential([
        keras.layers.Input(batch_shape=(1, 1, settings.INPUTS)),
        keras.layers.LSTM(settings.UNITS, return_sequences=True, name="lstm"),
        keras.layers.Dense(1, name="torque"),
    ])
    model.get_layer("lstm").set_weights(trained.get_layer("lstm").get_weights())
    kernel, bias = trained.get_layer("torque").get_weights()
    model.get_layer("torque").set_weights([kernel * settings.TORQUE_HALF_RANGE_NM,
                                           bias * settings.TORQUE_HALF_RANGE_NM + settings.TORQUE_CENTRE_NM])
    return model


def predict_nm(trained, inputs):
    """Torque [sequence, sample] of whole sequences, each from reset."""
    scaled = trained.predict(inputs, verbose=0, batch_size=len(inputs))[..., 0]
    return scaled * settings.TORQUE_HALF_RANGE_NM + settings.TORQUE_CENTRE_NM


def hidden_states(trained, inputs):
    """Hidden state [sequence, sample, unit] after every sample, each sequence from reset."""
    part = keras.Model(trained.inputs, trained.get_layer("lstm").output)
    return np.asarray(part.predict(inputs, verbose=0, batch_size=len(inputs)))
