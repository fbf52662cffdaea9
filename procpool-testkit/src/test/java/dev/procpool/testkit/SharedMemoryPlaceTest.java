package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pool works where the place for shared memory can't be used, and says so once. */
@ExtendWith(NoLeftovers.class)
class SharedMemoryPlaceTest {

  private static final String SAID = "procpool can't have the memory shared with its workers in ";

  @TempDir Path directory;

  /** Uses two pools, one after the other, with shared memory in the directory that is named. */
  static final class Program {

    public static void main(String[] args) throws Exception {
      System.setProperty("procpool.sharedMemory", args[0]);
      for (int i = 0; i < 2; i++) {
        try (Pool pool = ProcessPool.create(2)) {
          List<byte[]> results = pool.map(size -> new byte[size], List.of(1, 100_000, 1_000_000));
          System.out.println(results.stream().mapToInt(bytes -> bytes.length).sum());
        }
      }
    }
  }

  private void assertWorksAndSaysSoOnce(Path place) throws Exception {
    try (ChildJvm child = new ChildJvm(directory, Program.class, place.toString())) {
      assertThat(child.exitCode()).as(child.errors()).isZero();
      assertThat(child.output()).containsExactly("1100001", "1100001");
      assertThat(child.errors()).containsOnlyOnce(SAID + place);
      assertThat(child.files()).isEmpty();
    }
  }

  @Test
  void thereIsNoSuchDirectory() throws Exception {
    assertWorksAndSaysSoOnce(directory.resolve("missing"));
  }

  /** Room for one worker's memory and not for two: an exception in the pool, not a SIGBUS. */
  @Test
  void itFillsUp() throws Exception {
    Path tiny = Files.createDirectory(directory.resolve("tiny"));
    try (Mount mount = new Mount(tiny, "size=800k")) {
      assertWorksAndSaysSoOnce(mount.path());
      assertThat(tiny).isEmptyDirectory();
    }
  }

  @Test
  void itCannotBeWrittenTo() throws Exception {
    Path readOnly = Files.createDirectory(directory.resolve("ro"));
    try (Mount mount = new Mount(readOnly, "ro")) {
      assertWorksAndSaysSoOnce(mount.path());
    }
  }

  /** A file system in memory; the test is skipped where one may not be mounted. */
  private record Mount(Path path, String options) implements AutoCloseable {

    Mount {
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path.toString()),
          "may not mount a file system here");
    }

    private static boolean run(String... command) {
      try {
        return Commands.succeeds(command);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      assertThat(run("umount", path.toString())).as("umount %s", path).isTrue();
    }
  }
}
