package dev.procpool.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The application's log files are opened, written and rolled by the parent alone. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks into /proc")
class LogFilesTest {

  private static final String LOGBACK_XML =
      """
      <configuration>
        <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
          <file>logs/app.log</file>
          <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
            <fileNamePattern>logs/app.%i.log.gz</fileNamePattern>
            <maxIndex>20</maxIndex>
          </rollingPolicy>
          <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
            <maxFileSize>20KB</maxFileSize>
            <checkIncrement>0</checkIncrement>
          </triggeringPolicy>
          <encoder><pattern>[%X{procpool.worker}] %level %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="FILE"/></root>
      </configuration>
      """;

  private static final String LOG4J2_XML =
      """
      <Configuration status="WARN">
        <Appenders>
          <RollingFile name="FILE" fileName="logs/app.log" filePattern="logs/app.%i.log.gz">
            <PatternLayout pattern="[%X{procpool.worker}] %level %msg%n"/>
            <SizeBasedTriggeringPolicy size="20KB"/>
            <DefaultRolloverStrategy max="20"/>
          </RollingFile>
        </Appenders>
        <Loggers><Root level="INFO"><AppenderRef ref="FILE"/></Root></Loggers>
      </Configuration>
      """;

  static final List<String> LOGBACK =
      List.of(
          "org.slf4j.Logger",
          "ch.qos.logback.classic.LoggerContext",
          "ch.qos.logback.core.Appender");

  static final List<String> LOG4J =
      List.of(
          "org.slf4j.Logger",
          "org.apache.logging.slf4j.SLF4JServiceProvider",
          "org.apache.logging.log4j.LogManager",
          "org.apache.logging.log4j.core.Appender");

  @TempDir Path directory;

  private Program run(boolean withModule, List<String> libraries, String... arguments)
      throws Exception {
    Files.createDirectories(directory.resolve("logs"));
    String main = LoggingProgram.class.getName();
    Program program = Program.run(directory, withModule, libraries, main, arguments);
    assertThat(program.exitCode()).as(program.out()).isZero();
    return program;
  }

  private void assertNoLineIsLost(Program program) throws Exception {
    assertThat(program.out())
        .contains("opened by workers: []")
        .contains("opened by the parent: " + directory.resolve("logs").toRealPath());
    assertThat(Program.lines(directory.resolve("logs")).stream().map(LogFilesTest::withoutWorker))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, LoggingProgram.LINES)
                .boxed()
                .flatMap(i -> Stream.of("[] INFO parent line " + i, "[n] INFO worker line " + i))
                .toList());
  }

  private static String withoutWorker(String line) {
    return line.replaceFirst("^\\[\\d]", "[n]");
  }

  @Test
  void aRollingFileOfLogback() throws Exception {
    Files.writeString(directory.resolve("logback.xml"), LOGBACK_XML);
    assertNoLineIsLost(run(true, LOGBACK));
  }

  @Test
  void aRollingFileOfLog4j() throws Exception {
    Files.writeString(directory.resolve("log4j2.xml"), LOG4J2_XML);
    assertNoLineIsLost(run(true, LOG4J));
  }

  /** The fault that the module mends, and the proof that these tests would see it. */
  @Test
  void withoutTheModuleEachWorkerOpensTheFile() throws Exception {
    Files.writeString(directory.resolve("logback.xml"), LOGBACK_XML);
    assertThat(run(false, LOGBACK).out()).contains("opened by workers: [/");
  }
}
