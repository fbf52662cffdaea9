package dev.procpool.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What workers log with Log4j's own API is logged by the parent's Log4j. */
class Log4jRecordsTest {

  private static final String APP = "app.log4j";

  private final List<LogEvent> events = new CopyOnWriteArrayList<>();
  private final AbstractAppender keeper =
      new AbstractAppender("keeper", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          events.add(event.toImmutable());
        }
      };
  private final Logger app = (Logger) LogManager.getLogger(APP);

  @BeforeEach
  void keepRecords() {
    Configurator.setLevel(APP, Level.INFO);
    keeper.start();
    app.addAppender(keeper);
  }

  @AfterEach
  void forgetThem() {
    app.removeAppender(keeper);
  }

  @Test
  void aRecordComesWithAllThatItTells() throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      assertThat(
              pool.apply(
                  () -> {
                    org.apache.logging.log4j.Logger logger = LogManager.getLogger(APP);
                    MDC.put("slf4j", "s");
                    ThreadContext.put("request", "r");
                    logger.warn(
                        MarkerManager.getMarker("AUDIT"),
                        "item {}",
                        7,
                        new IllegalStateException("why"));
                    ThreadContext.clearMap();
                    logger.fatal("braces {}");
                    logger.debug("not taken");
                    logger.atInfo().withThrowable(new RuntimeException("x")).log("fluent {}", 1);
                    logger.printf(Level.INFO, "%03d", 7);
                    return List.of(logger.isDebugEnabled(), logger.isInfoEnabled());
                  }))
          .containsExactly(false, true);
    }
    assertThat(events)
        .extracting((LogEvent event) -> event.getMessage().getFormattedMessage())
        .containsExactly("item 7", "braces {}", "fluent 1", "007");
    LogEvent event = events.get(0);
    assertThat(event.getLevel()).isEqualTo(Level.WARN);
    assertThat(event.getLoggerName()).isEqualTo(APP);
    assertThat(event.getThreadName()).isEqualTo("worker-0/main");
    assertThat(event.getMarker().getName()).isEqualTo("AUDIT");
    assertThat(event.getThrown()).isInstanceOf(IllegalStateException.class).hasMessage("why");
    assertThat(event.getContextData().toMap())
        .containsEntry("request", "r")
        .containsEntry("slf4j", "s")
        .containsEntry("procpool.worker", "0")
        .containsEntry("procpool.item", "0");
    assertThat(events.get(1).getLevel()).isEqualTo(Level.ERROR);
    assertThat(events.get(2).getThrown()).hasMessage("x");
  }

  @Test
  void bothLibrariesOfAWorkerShowBothContexts() throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      assertThat(
              pool.apply(
                  () -> {
                    LogManager.getLogger(APP).info("begins");
                    ThreadContext.put("request", "r");
                    MDC.put("slf4j", "s");
                    return new java.util.TreeMap<>(WorkerMdc.current()).toString();
                  }))
          .isEqualTo("{request=r, slf4j=s}");
    }
    assertThat(LoggerFactory.getILoggerFactory().getClass().getName()).contains("logback");
  }
}
