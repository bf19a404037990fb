"""Float model -> int8 .tflite whose LSTM keeps its state between invocations."""

import tempfile

import numpy as np
import tensorflow as tf

import dataset
import network
import settings

# The calibrator never resets the state, so a stretch of idle input runs it back to where a sequence starts.
IDLE_SAMPLES_BETWEEN = 100


def calibration_inputs():
    """All representative sequences in order as one long drive [sample, 4]: the state that calibration sees is the state of real use."""
    inputs = dataset.as_coarse_as_int8(dataset.load_set("representative")[0])
    idle = np.repeat(inputs[:, :1], IDLE_SAMPLES_BETWEEN, axis=1)
    return np.concatenate([inputs, idle], axis=1).reshape(-1, settings.INPUTS)


def to_int8(trained):
    """The .tflite file's bytes."""
    step = network.step_model(trained)
    call = tf.function(lambda x: {"torque_nm": step(x)}).get_concrete_function(
        tf.TensorSpec([1, 1, settings.INPUTS], tf.float32, name="engine_input"))

    def representative():
        for row in calibration_inputs():
            yield {"engine_input": row.reshape(1, 1, settings.INPUTS)}

    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(step, folder, signatures={"serving_default": call})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=["serving_default"])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = representative
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
        return converter.convert()
