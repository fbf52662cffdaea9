package dev.procpool.local.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker writes is read from its pipes, whatever its first program has made of them. */
@Timeout(60)
class OutputStreamsTest {

  @TempDir Path folder;

  private Process process;

  @BeforeEach
  void systemHasProcesses() {
    assumeTrue(Files.exists(Path.of("/proc/self/fd")), "no /proc");
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(String script, String... arguments) throws IOException {
    String[] command = new String[arguments.length + 4];
    System.arraycopy(new String[] {"sh", "-c", script, "sh"}, 0, command, 0, 4);
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    process = new ProcessBuilder(command).start();
    return process;
  }

  private static BufferedReader lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** As a script does that notes something in a file before it becomes the JVM. */
  @Test
  void outputThatGoesToAFileForAMomentIsNotReadFromThere() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not for us\n");
    start("exec 3>&1 >>\"$1\"; echo sent >&2; read x; exec >&3; echo real", file.toString());
    while (process.getErrorStream().available() == 0) {
      Thread.sleep(5); // until its output goes to the file
    }
    OutputStreams streams = OutputStreams.of(process);
    goOn();
    assertThat(lines(streams.output()).lines()).containsExactly("real");
    assertThat(lines(streams.error()).lines()).containsExactly("sent");
    assertThat(Files.readString(file)).isEqualTo("not for us\n");
  }

  @Test
  void outputThatGoesWhereErrorsGoIsReadOnceOnly() throws Exception {
    start("exec >&2; echo 1 >&2; read x; for i in 2 3 4 5; do echo $i; echo $i >&2; done");
    while (process.getErrorStream().available() == 0) {
      Thread.sleep(5);
    }
    OutputStreams streams = OutputStreams.of(process);
    goOn();
    assertThat(lines(streams.error()).lines())
        .containsExactly("1", "2", "2", "3", "3", "4", "4", "5", "5");
    assertThat(streams.output().read()).isEqualTo(-1);
  }

  @Test
  void whatWasWrittenBeforeIsRead() throws Exception {
    start("echo 1; echo 2 >&2; read x; echo 3; echo 4 >&2");
    while (process.getErrorStream().available() == 0) {
      Thread.sleep(5);
    }
    OutputStreams streams = OutputStreams.of(process);
    goOn();
    assertThat(lines(streams.output()).lines()).containsExactly("1", "3");
    assertThat(lines(streams.error()).lines()).containsExactly("2", "4");
  }

  @Test
  void whatAProcessWroteThatHasEndedIsRead() throws Exception {
    start("echo 1; echo 2 >&2");
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    OutputStreams streams = OutputStreams.of(process);
    assertThat(lines(streams.output()).lines()).containsExactly("1");
    assertThat(lines(streams.error()).lines()).containsExactly("2");
  }

  /** What {@code Process} gives does not do that. */
  @Test
  void closingEndsAReadThatWaits() throws Exception {
    start("sleep 100 & echo $!; read x"); // the other one holds the pipes
    while (process.getInputStream().available() == 0) {
      Thread.sleep(5); // until its line is there: it is to be read at once
    }
    OutputStreams streams = OutputStreams.of(process);
    goOn();
    Thread closer =
        new Thread(
            () -> {
              try {
                process.waitFor();
                streams.output().close();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    BufferedReader reader = lines(streams.output());
    long sleeper = Long.parseLong(reader.readLine());
    try {
      closer.start();
      assertThat(readOrEnd(streams.output())).isEqualTo(-1);
    } finally {
      ProcessHandle.of(sleeper).ifPresent(ProcessHandle::destroyForcibly);
      closer.join();
      streams.error().close();
    }
  }

  private static int readOrEnd(InputStream in) {
    try {
      return in.read();
    } catch (IOException e) {
      return -1;
    }
  }
}
