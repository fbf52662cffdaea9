package dev.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.protocol.PoolPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerMainTest {

  @TempDir Path temporary;

  private static String run(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WorkerMain.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }

  @Test
  void aWorkerWhosePoolDiedBeforeItSaidAWordRemovesThePoolsDirectory() throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("pool"));
    Files.writeString(directory.resolve("arguments"), "-cp");
    assertThat(run(List.of("-D" + PoolPlace.PROPERTY + "=" + directory))).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void itIsNotStartedByHand() throws Exception {
    assertThat(run(List.of())).contains("It is started by a pool, not by hand.");
  }
}
