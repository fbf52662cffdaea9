package dev.procpool.local.dispatch;

import dev.procpool.guard.SafeLog;
import java.util.List;

/**
 * The classes with static state that are first used when something ends. A class whose
 * initialization finds no memory can never be used again, whatever memory there is later; so these
 * are initialized early.
 */
final class EndClasses {

  /** By name, as some are hidden in their packages. */
  static final List<String> NAMES =
      List.of(
          "dev.procpool.LimitKind",
          "dev.procpool.OutcomeKind",
          "dev.procpool.PoolState",
          "dev.procpool.WorkerEnd",
          "dev.procpool.WorkerExit$Reason",
          "dev.procpool.folder.FolderHandle",
          "dev.procpool.folder.FolderRemoval",
          "dev.procpool.folder.PoolMark",
          "dev.procpool.guard.Descriptors",
          "dev.procpool.guard.Uninterrupted",
          "dev.procpool.call.Completion",
          "dev.procpool.call.Deadline",
          "dev.procpool.local.exit.ExitReport",
          "dev.procpool.local.fleet.Ending$Step",
          "dev.procpool.local.fleet.Kill$Reason",
          "dev.procpool.local.fleet.StartBackoff",
          "dev.procpool.local.fleet.StartFailure",
          "dev.procpool.process.ProcFiles");

  private EndClasses() {}

  /** Initializes them. On any thread; harmless if there is no memory. */
  static void initialize() {
    for (String name : NAMES) {
      try {
        Class.forName(name, true, EndClasses.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        SafeLog.log(System.Logger.Level.DEBUG, "a class of the pool's own is missing", e);
      } catch (VirtualMachineError | LinkageError e) {
        return; // there may be when it is used
      }
    }
  }
}
