"""Tags by which one of a SavedModel's graphs is asked for (tf.saved_model.tag_constants)."""

SERVING = "serve"
TRAINING = "train"
GPU = "gpu"
TPU = "tpu"
