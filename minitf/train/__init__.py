"""Training: optimizers, savers, summaries of progress, threads (tf.train)."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.train.checkpoint_state": "checkpoint_exists generate_checkpoint_state_proto "
    "get_checkpoint_mtimes get_checkpoint_state latest_checkpoint remove_checkpoint "
    "update_checkpoint_state",
    "minitf.train.checkpoint_utils": "NewCheckpointReader checkpoints_iterator "
    "init_from_checkpoint list_variables load_checkpoint load_variable",
    "minitf.train.learning_rate_decay": "cosine_decay cosine_decay_restarts exponential_decay "
    "inverse_time_decay linear_cosine_decay natural_exp_decay noisy_linear_cosine_decay "
    "piecewise_constant piecewise_constant_decay polynomial_decay",
    "minitf.train.moving_averages": "ExponentialMovingAverage",
    "minitf.train.coordinator": "Coordinator LooperThread",
    "minitf.train.input": "batch batch_join input_producer limit_epochs match_filenames_once "
    "range_input_producer shuffle_batch shuffle_batch_join slice_input_producer "
    "string_input_producer",
    "minitf.train.hooks": "FeedFnHook FinalOpsHook GlobalStepWaiterHook LoggingTensorHook "
    "NanLossDuringTrainingError NanTensorHook StopAtStepHook",
    "minitf.train.monitored_session": "MonitoredSession MonitoredTrainingSession "
    "SingularMonitoredSession",
    "minitf.train.profiler_hook": "ProfilerHook",
    "minitf.train.saving_hooks": "CheckpointSaverHook CheckpointSaverListener StepCounterHook "
    "SummarySaverHook",
    "minitf.train.scaffold": "Scaffold",
    "minitf.train.session_creators": "ChiefSessionCreator SessionCreator WorkerSessionCreator",
    "minitf.train.session_manager": "SessionManager",
    "minitf.train.session_run_hook": "SessionRunArgs SessionRunContext SessionRunHook "
    "SessionRunValues",
    "minitf.train.step_timers": "SecondOrStepTimer",
    "minitf.train.supervisor": "Supervisor basic_train_loop",
    "minitf.train.queue_runner": "QueueRunner add_queue_runner start_queue_runners",
    "minitf.train.saver": "Saver import_meta_graph",
    "minitf.meta_graph": "export_meta_graph",
    "minitf.graph_def": "write_graph",
    "minitf.train.training_util": "assert_global_step create_global_step get_global_step "
    "get_or_create_global_step global_step",
    "minitf.summary.reading": "summary_iterator",
    "minitf.train.protos": "CheckpointState",
    "minitf.train.examples": "BytesList Example Feature FeatureList FeatureLists Features "
    "FloatList Int64List SequenceExample",
    "tensorboard.compat.proto.saver_pb2": "SaverDef",
    "minitf.train.optimizer": "Optimizer",
    "minitf.train.optimizers": "AdadeltaOptimizer AdagradOptimizer AdamOptimizer FtrlOptimizer "
    "GradientDescentOptimizer MomentumOptimizer ProximalAdagradOptimizer "
    "ProximalGradientDescentOptimizer RMSPropOptimizer",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)


def __dir__() -> list[str]:
    return __all__
