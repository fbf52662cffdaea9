package dev.procpool.local;

import dev.procpool.nesting.Nesting;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes of this library that the start of a pool loads, and its first call, from the launch
 * of the first worker on. A second thread loads them meanwhile, where there is a processor for it:
 * to load and verify them takes a cold JVM about a quarter of the time to the first result.
 *
 * <p>Ours are linked and not initialized: two threads that initialize classes which refer to each
 * other may wait for each other.
 */
final class StartClasses implements Runnable {

  /** Packages in the order in which they are needed, and their classes. */
  private static final String NAMES =
      """
      dev.procpool.local.launch:
        ProcessLauncher WorkingDirectory WorkerCommand DebugPort Launcher$Launched
        WorkerProperties
      dev.procpool.local.files:
        CrashFiles WorkerFolders MemoryFiles StaleFolders PoolDirectory$Making
        MemoryFiles$Named
      dev.procpool.spi:
        TaskOrigin Nanos Submission$Waits ValueBatch LogBridge Submission EncodedTask
        ContextCarrier EncodedThrowable ItemPull EncodedItem WorkerName ItemRun
      dev.procpool.local.archive:
        ClassArchive
      dev.procpool.folder:
        FolderHandle MarkedFolder
      dev.procpool.jvm:
        ArgumentFile
      dev.procpool.local.engine:
        Engine HeapReserve Selection NextRound Mailbox Driver SerialExecutor
      dev.procpool.time:
        AwakeClock AwakeWait
      dev.procpool.channel:
        WaitStrategy WorkerMemory RunPage Ring Channel FrameWriter FrameWriter$Part
        FrameReader ByteSource Frame Bell RingChannel ByteSink Ring$Producer Ring$Consumer
      dev.procpool.codec:
        Codec PayloadTooLargeException Graphs ByteOutput PrimitiveReader Encoder Leaves
        PrimitiveArrays Tuples Lists GraphOutput
      dev.procpool.scheduler:
        Actions ItemQueue Scheduler Workers Calls PriorityTurns Stealing PriorityTurns$Level
        CallQueue ChunkSize WorkerSlot Slice SentChunk
      dev.procpool.local.fleet:
        Fleet$Listener WorkerStart$Listener Fleet Roster WorkerNews Offspring WorkerStart
        ExitWatch Custody Kills Trust Lines Reception Ends StartBackoff RestartIntensity
        Worker StartTimes WorkerLine Ending Worker$State WorkerClock PerWorker PoolFault
        Ending$Step Kill$Reason StartFailure Reception$Connection
      dev.procpool.local.dispatch:
        Dispatcher Acceptor TaskSender Activity WorkTimes Sizing ItemLimits WorkerFrames
        Snapshots PoolEnd Rounds EndClasses WorkTimes$Spells Activity$Busy
      dev.procpool.local.service:
        Supervision$Limits MemoryLimit ThreadDumps LogDelivery LogLevels ClassFetches
        Supervision
      dev.procpool.local.result:
        Recorder ShortMemory Delivery Results ResultBatch Losses ChunkReport Remains
        ShortMemory$Received
      dev.procpool.process:
        MarkedProcesses ShortageException ProcessMark ProcessStart StartQueue
        StartQueue$Attempt ProcFiles ThreadTimes ProcessEnd
      dev.procpool.protocol:
        ProtocolException OutputMark TaskLimits Hello WorkerConfig LogFields TaskMessage
        ChunkHeader ResultTrailer ResultTrailer$Kind ItemRef
      dev.procpool.local.settings:
        ResultLimit
      dev.procpool.local.output:
        OutputTail OutputStreams OutputStreams$Resumed OutputPump OutputPump$Sink
        OutputPump$Bytes OutputSections OutputSections$Sink Quiet
      dev.procpool.local.call:
        OpenCalls CallPhases CallPhases$Phase TaskEncoder TaskEncoder$1 EncodedCall LocalCall
        CallInput Block FeedTimes PacedInput Feeder FeedTimes$Clock ItemEncoder
        CallPhases$Call
      dev.procpool.guard:
        Uninterrupted$Work Uninterrupted Descriptors SystemFile SafeText StreamItems Waits
        HostName
      dev.procpool:
        ResultTooLargeException PoolBrokenException LimitKind PoolState WorkerEnd
        WorkerExit$Reason AsyncResult MapResult ResultIterator TaskOptions TaskOptions$Limits
        Outcome PoolStats$SlowItem PoolEvent$Call PoolStats$WorkerTime WorkerExit
      dev.procpool.local:
        LocalCalls
      dev.procpool.call:
        Completion Deadline CallPool PoolCall TableCall StreamingCall ResultBuffer PoolLife
        PoolLife$State CallbackThreads Abandonment UnreachablePool ItemSource CallNews Waiters
        CallbackLane OutcomeTable OutcomeTable$Segment CallResult SingleResult CallFuture
        Patience WaitingBytes Primitive ResultStream CallbackThreads$CallbackThread
      dev.procpool.local.exit:
        ExitReport CrashFile
      dev.procpool.observe:
        ObservedCall Histogram
      dev.procpool.function:
        Task2 Tasks Task3 Task1 Task4 Task5 Task6 Task0 TaskAdapter Tasks$Spread2 Args Args2
        Args3 Args4 Args5 Args6
      dev.procpool.context:
        CallContext Carriers ContextTask
      dev.procpool.local.classes:
        ShellReach ShellVariables
      dev.procpool.sharing:
        SharedLife
      """;

  private static boolean isBegun;

  private StartClasses() {}

  /** Begins to load them; does nothing twice, and nothing in a worker. */
  static synchronized void load() {
    if (isBegun || Runtime.getRuntime().availableProcessors() == 1 || Nesting.isWorker()) {
      return;
    }
    isBegun = true;
    Thread thread = new Thread(null, new StartClasses(), "procpool-classes", 0, false);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // each is loaded when it is needed
    }
  }

  @Override
  public void run() {
    try {
      // the first method reference of a JVM takes long to link: better here than on the caller's
      names().forEach(StartClasses::link);
    } catch (Throwable e) {
      // no memory, or the library's jar was closed just now: each is loaded when it is needed
    }
  }

  /** Their names, in the order in which they are needed. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    String packageName = "";
    for (String word : NAMES.strip().split("\\s+", -1)) {
      if (word.endsWith(":")) {
        packageName = word.substring(0, word.length() - 1) + ".";
      } else {
        names.add(packageName + word);
      }
    }
    return names;
  }

  static void link(String name) {
    try {
      Class<?> type = Class.forName(name, false, StartClasses.class.getClassLoader());
      Object unused = type.getConstructors(); // to answer that, the JVM links a class
    } catch (ClassNotFoundException | LinkageError e) {
      // told where it is used
    }
  }
}
