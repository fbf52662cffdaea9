package dev.procpool.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.event.KeyValuePair;

/** What workers log with SLF4J is logged by the parent's, which is Logback here. */
class Slf4jRecordsTest {

  private static final String APP = "app.slf4j";

  /** Not of the JDK, without a form of its own: its text goes. */
  private static final class Thing {
    @Override
    public String toString() {
      return "a thing";
    }
  }

  private static final class OfThisProcess extends IllegalStateException {
    private static final long serialVersionUID = 1L;
    private final Object own = new Thing();

    OfThisProcess() {
      super("of this worker");
    }

    @Override
    public String toString() {
      return super.toString() + ", with " + own;
    }
  }

  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
  private final Logger app = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(APP);

  private final AppenderBase<ILoggingEvent> keeper =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          event.prepareForDeferredProcessing(); // the thread's name and context as they are now
          events.add(event);
        }
      };

  @BeforeEach
  void keepRecords() {
    keeper.start();
    app.addAppender(keeper);
    app.setAdditive(false);
    app.setLevel(Level.INFO);
  }

  @AfterEach
  void forgetThem() {
    app.detachAppender(keeper);
  }

  private ProcessPool.Builder workers(int number) {
    return ProcessPool.builder().workers(number).output(lines::add);
  }

  private List<String> messages() {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aRecordComesWithAllThatItTells() throws Exception {
    try (Pool pool = workers(1).build()) {
      pool.with(TaskOptions.defaults().label("import"))
          .forEach(
              x -> {
                MDC.put("request", "r-" + x);
                LoggerFactory.getLogger(APP)
                    .warn("item {} of {}", x, "many", new IllegalStateException("why"));
                MDC.clear();
              },
              List.of(7));
    }
    assertThat(messages()).containsExactly("item 7 of many");
    ILoggingEvent event = events.get(0);
    assertThat(event.getLevel()).isEqualTo(Level.WARN);
    assertThat(event.getLoggerName()).isEqualTo(APP);
    assertThat(event.getThreadName()).isEqualTo("worker-0/main");
    assertThat(event.getMDCPropertyMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "request", "r-7",
                "procpool.worker", "0",
                "procpool.call", "import",
                "procpool.item", "0"));
    Throwable thrown = ((ThrowableProxy) event.getThrowableProxy()).getThrowable();
    assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("why");
    assertThat(lines).as("nothing is printed").isEmpty();
  }

  @Test
  void eachLevelAndMessagesThatLookLikePatterns() throws Exception {
    app.setLevel(Level.TRACE);
    try (Pool pool = workers(1).build()) {
      pool.apply(
          () -> {
            org.slf4j.Logger logger = LoggerFactory.getLogger(APP);
            logger.trace("{} and \\{}", "{}", "no more");
            logger.debug("100 % {}");
            logger.info("{} {}", 1, new int[] {2});
            logger.warn((String) null);
            logger.error("");
            return null;
          });
    }
    assertThat(events)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR);
    assertThat(messages()).containsExactly("{} and {}", "100 % {}", "1 [2]", "null", "");
  }

  @Test
  void exceptionsWithTheirCausesAndThoseThatCantBeSent() throws Exception {
    try (Pool pool = workers(1).build()) {
      pool.apply(
          () -> {
            LoggerFactory.getLogger(APP)
                .error("caused", new IllegalStateException("outer", new RuntimeException("inner")));
            LoggerFactory.getLogger(APP).error("not to be sent", new OfThisProcess());
            return null;
          });
    }
    assertThat(((ThrowableProxy) events.get(0).getThrowableProxy()).getThrowable().getCause())
        .isExactlyInstanceOf(RuntimeException.class)
        .hasMessage("inner");
    assertThat(events.get(1).getThrowableProxy().getMessage()).contains("of this worker");
  }

  @Test
  void markersAndKeyValuePairs() throws Exception {
    try (Pool pool = workers(1).build()) {
      pool.apply(
          () -> {
            org.slf4j.Logger logger = LoggerFactory.getLogger(APP);
            logger.info(MarkerFactory.getMarker("AUDIT"), "one marker");
            Marker inner = MarkerFactory.getDetachedMarker("LOGIN");
            inner.add(MarkerFactory.getDetachedMarker("SECURITY"));
            logger
                .atInfo()
                .addMarker(inner)
                .addKeyValue("count", 42)
                .addKeyValue("ratio", 0.5)
                .addKeyValue("late", true)
                .addKeyValue("name", "x")
                .addKeyValue("thing", new Thing())
                .addKeyValue("none", (Object) null)
                .setCause(new IllegalArgumentException("why"))
                .log("pairs {}", "too");
            return null;
          });
    }
    assertThat(messages()).containsExactly("one marker", "pairs too");
    assertThat(events.get(0).getMarkerList()).extracting(Marker::getName).containsExactly("AUDIT");
    ILoggingEvent event = events.get(1);
    assertThat(event.getMarkerList())
        .extracting(Marker::getName)
        .containsExactly("LOGIN", "SECURITY");
    assertThat(event.getKeyValuePairs())
        .extracting((KeyValuePair pair) -> pair.key + "=" + pair.value.getClass().getSimpleName())
        .containsExactly(
            "count=Integer",
            "ratio=Double",
            "late=Boolean",
            "name=String",
            "thing=String",
            "none=String");
    assertThat(event.getKeyValuePairs())
        .extracting((KeyValuePair pair) -> pair.value.toString())
        .containsExactly("42", "0.5", "true", "x", "a thing", "null");
    assertThat(event.getThrowableProxy().getMessage()).isEqualTo("why");
  }

  @Test
  void theParentsLevelsHoldInTheWorkerAndAreFollowed() throws Exception {
    Logger quiet = app.getLoggerContext().getLogger(APP + ".quiet");
    quiet.setLevel(Level.OFF);
    try (Pool pool = workers(1).build()) {
      assertThat(
              pool.apply(
                  () -> {
                    LoggerFactory.getLogger(APP + ".quiet").error("not taken");
                    LoggerFactory.getLogger(APP).debug("not taken");
                    return List.of(
                        LoggerFactory.getLogger(APP + ".quiet").isErrorEnabled(),
                        LoggerFactory.getLogger(APP + ".child").isInfoEnabled(),
                        LoggerFactory.getLogger(APP).isInfoEnabled(),
                        LoggerFactory.getLogger(APP).isDebugEnabled());
                  }))
          .containsExactly(false, true, true, false);
      app.setLevel(Level.DEBUG);
      assertThat(
              pool.apply(
                  () -> {
                    org.slf4j.Logger logger = LoggerFactory.getLogger(APP);
                    long limit = System.nanoTime() + 60_000_000_000L;
                    while (!logger.isDebugEnabled() && System.nanoTime() < limit) {
                      Thread.onSpinWait();
                    }
                    logger.debug("taken now");
                    return logger.isDebugEnabled();
                  }))
          .isTrue();
    } finally {
      quiet.setLevel(null);
    }
    assertThat(messages()).containsExactly("taken now");
  }

  @Test
  void aRecordBeforeACrashArrives() throws Exception {
    try (Pool pool = workers(1).build()) {
      MapResult<Object> result =
          pool.mapAsync(
              x -> {
                LoggerFactory.getLogger(APP).error("about to halt");
                Runtime.getRuntime().halt(1);
                return null;
              },
              List.of(1));
      assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.WorkerLost.class);
    }
    assertThat(messages()).containsExactly("about to halt");
  }

  /** Logs where nothing of a task runs yet. */
  static final class WithStatic {
    private static final org.slf4j.Logger LOGGER = LoggerFactory.getLogger(APP);
    static final int VALUE;

    static {
      LOGGER.info("static initializer");
      VALUE = 1;
    }

    private WithStatic() {}
  }

  @Test
  void initializersFinalizersStaticOnesAndThreadsOfTasks() throws Exception {
    try (Pool pool =
        workers(1)
            .initializer(() -> LoggerFactory.getLogger(APP).info("initializer"))
            .finalizer(() -> LoggerFactory.getLogger(APP).info("finalizer"))
            .build()) {
      pool.apply(() -> WithStatic.VALUE);
      pool.apply(
          () -> {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              int number = i;
              Runnable logging =
                  () -> {
                    for (int n = 0; n < 500; n++) {
                      LoggerFactory.getLogger(APP + "." + number).info("{}-{}", number, n);
                    }
                  };
              threads.add(new Thread(logging, "thread-" + i));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
              thread.join();
            }
            return null;
          });
    }
    assertThat(messages()).startsWith("initializer", "static initializer").endsWith("finalizer");
    assertThat(events.get(0).getMDCPropertyMap())
        .containsExactlyEntriesOf(Map.of("procpool.worker", "0"));
    for (int i = 0; i < 8; i++) {
      String thread = "worker-0/thread-" + i;
      int number = i;
      assertThat(events.stream().filter(event -> event.getThreadName().equals(thread)))
          .extracting(ILoggingEvent::getFormattedMessage)
          .isEqualTo(IntStream.range(0, 500).mapToObj(n -> number + "-" + n).toList());
    }
  }

  @Test
  void aPoolInATaskSendsThroughIt() throws Exception {
    try (Pool pool = workers(1).build()) {
      pool.with(TaskOptions.defaults().label("outer"))
          .forEach(
              x -> {
                try (Pool nested = ProcessPool.create(1)) {
                  nested.forEach(
                      y -> {
                        for (int i = 0; i < 1000; i++) {
                          LoggerFactory.getLogger(APP).info("{}", i);
                        }
                      },
                      List.of(5));
                }
              },
              List.of(7));
    }
    assertThat(messages()).isEqualTo(IntStream.range(0, 1000).mapToObj(String::valueOf).toList());
    assertThat(events.get(999).getMDCPropertyMap())
        .containsEntry("procpool.worker", "0/0")
        .containsEntry("procpool.call", "outer/1")
        .containsEntry("procpool.item", "0/0");
    assertThat(events.get(999).getThreadName()).isEqualTo("worker-0/0/worker-0/main");
  }

  @Test
  void aConsumerOfRecordsTakesTheseToo() throws Exception {
    List<WorkerLog> logs = new CopyOnWriteArrayList<>();
    try (Pool pool = workers(1).forwardLogs(logs::add).build()) {
      pool.apply(
          () -> {
            MDC.put("request", "r");
            LoggerFactory.getLogger(APP).atInfo().addKeyValue("n", 1).log("slf4j");
            System.getLogger(APP).log(System.Logger.Level.INFO, "the JDK's");
            return null;
          });
    }
    assertThat(logs).extracting(WorkerLog::message).containsExactly("slf4j", "the JDK's");
    WorkerLog log = logs.get(0);
    assertThat(log.mdc()).containsExactlyEntriesOf(Map.of("request", "r"));
    assertThat(log.keyValues()).containsExactlyEntriesOf(Map.of("n", 1));
    assertThat(log.thread()).isEqualTo("main");
    assertThat(log.item()).isPresent();
    assertThat(events).isEmpty();
  }

  @Test
  void withForwardLogsEachLibraryGoesToItsLike() throws Exception {
    List<java.util.logging.LogRecord> records = new CopyOnWriteArrayList<>();
    java.util.logging.Handler handler =
        new java.util.logging.ConsoleHandler() {
          @Override
          public void publish(java.util.logging.LogRecord record) {
            records.add(record);
          }
        };
    java.util.logging.Logger jul = java.util.logging.Logger.getLogger(APP);
    jul.addHandler(handler);
    jul.setUseParentHandlers(false);
    try (Pool pool = workers(1).forwardLogs().build()) {
      pool.apply(
          () -> {
            LoggerFactory.getLogger(APP).info("slf4j");
            java.util.logging.Logger.getLogger(APP).info("jul");
            return null;
          });
    } finally {
      jul.removeHandler(handler);
    }
    assertThat(messages()).containsExactly("slf4j");
    assertThat(records)
        .extracting(java.util.logging.LogRecord::getMessage)
        .containsExactly("worker 0: jul");
  }

  @Test
  void whatTheUserSaysOfTheWorkersProviderWins() throws Exception {
    String provider = "-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider";
    try (Pool pool = workers(1).jvmOptions(List.of(provider)).build()) {
      assertThat(pool.apply(() -> LoggerFactory.getILoggerFactory().getClass().getName()))
          .isEqualTo(LoggerContext.class.getName());
    }
  }

  @Test
  void theParentsContextIsAsItWas() {
    MDC.put("own", "kept");
    new Slf4jBridge()
        .log(
            new dev.procpool.spi.LogEvent(
                java.time.Instant.EPOCH,
                System.Logger.Level.INFO,
                APP,
                "message",
                java.util.Optional.empty(),
                "main",
                Map.of("procpool.worker", "3"),
                List.of(),
                Map.of()));
    assertThat(MDC.getCopyOfContextMap()).containsExactlyEntriesOf(Map.of("own", "kept"));
    assertThat(Thread.currentThread().getName()).doesNotContain("worker-3");
    MDC.clear();
    assertThat(events.get(0).getMDCPropertyMap())
        .containsExactlyEntriesOf(Map.of("procpool.worker", "3"));
  }
}
