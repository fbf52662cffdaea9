package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.local.dispatch.PoolParts;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.files.TemporaryDirectoryProperty;
import dev.procpool.local.launch.MachineShare;
import dev.procpool.local.settings.SettingsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever fails at whatever step of making a pool: nothing of the pool stays. */
@Timeout(120)
class PoolPartsTest {

  @TempDir Path base;

  private TemporaryDirectoryProperty property;
  private int sharers;
  private List<ProcessHandle> children;
  private Set<Thread> threads;

  @BeforeEach
  void begin() {
    property = new TemporaryDirectoryProperty();
    property.set(base);
    sharers = new MachineShare(0).sharers();
    children = ProcessHandle.current().children().toList();
    threads = Thread.getAllStackTraces().keySet();
    System.setProperty(MemoryFiles.PROPERTY, base.toString());
  }

  @AfterEach
  void end() {
    property.restore();
    System.clearProperty(MemoryFiles.PROPERTY);
  }

  /** Fails once so many parts were made. */
  private static final class Failing extends PoolParts {
    private final int step;
    private final Throwable failure;
    private int made;

    /** At which step of undoing there is no memory, for some time. */
    private int lackingStep;

    private int lacks;

    Failing(int step, Throwable failure) {
      this.step = step;
      this.failure = failure;
    }

    @Override
    protected void made(Object part) {
      if (++made == step) {
        Failing.<RuntimeException>raise(failure);
      }
    }

    @Override
    protected void undoing(int undone) {
      if (undone == lackingStep && lacks < 3) {
        lacks++;
        Failing.<RuntimeException>raise(failure); // the same object, as the JVM throws it
      }
    }

    @SuppressWarnings("unchecked") // whatever the step throws, checked or not
    private static <E extends Throwable> void raise(Throwable failure) throws E {
      throw (E) failure;
    }
  }

  @Test
  void eachStepMayFail() throws Exception {
    Failing none = new Failing(0, null);
    LocalBackend made = LocalBackend.open(SettingsFixture.real(), true, none);
    made.terminate();
    assertThat(made.awaitTermination(Duration.ofSeconds(60))).isTrue();
    assertThat(none.made).as("parts").isEqualTo(8);
    long descriptors = 0;
    for (int step = 1; step <= none.made; step++) {
      for (Throwable failure :
          List.of(
              new IllegalStateException("step " + step),
              new OutOfMemoryError("step " + step),
              new IOException("step " + step))) {
        Failing failing = new Failing(step, failure);
        assertThatThrownBy(() -> LocalBackend.open(SettingsFixture.real(), true, failing))
            .hasMessageContaining(failure.getMessage());
        assertNothingIsLeft("after step " + step);
      }
      descriptors = step == 1 ? descriptors() : descriptors;
    }
    // those of processes that were killed are closed a little after their ends
    long begin = System.nanoTime();
    while (descriptors() >= descriptors + none.made
        && System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1)) {
      Thread.sleep(20);
    }
    assertThat(descriptors()).as("descriptors").isLessThan(descriptors + none.made);
  }

  /** The heap is full for a while; the JVM throws one error again and again. */
  @Test
  void allIsUndoneOnceThereIsMemoryForIt() throws Exception {
    for (int step = 0; step < 9; step++) {
      Failing failing = new Failing(8, new OutOfMemoryError("step " + step));
      failing.lackingStep = step;
      assertThatThrownBy(() -> LocalBackend.open(SettingsFixture.real(), true, failing))
          .isSameAs(failing.failure);
      assertThat(failing.lacks).isEqualTo(3);
      assertNothingIsLeft("after step " + step);
    }
  }

  @Test
  void aTemporaryDirectoryThatIsNone() throws Exception {
    property.set(Files.writeString(base.resolve("file"), "x"));
    assertThatThrownBy(() -> ProcessPool.create(4))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("can't be set up in the temporary directory");
    property.set(base.resolve("missing"));
    assertThatThrownBy(() -> ProcessPool.create(4)).isInstanceOf(UncheckedIOException.class);
    Files.delete(base.resolve("file"));
    assertNothingIsLeft("without a temporary directory");
  }

  /** A service tries again and again until there is room. */
  @Test
  void aFullTemporaryDirectory() throws Exception {
    Path small = Files.createDirectory(base.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()), "no root");
    try {
      Path full = small.resolve("full");
      try {
        Files.write(full, new byte[1 << 20]);
      } catch (IOException e) {
        // it is full now
      }
      property.set(small);
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> ProcessPool.create(4)).isInstanceOf(UncheckedIOException.class);
      }
      Files.delete(full);
      assertThat(small).isEmptyDirectory();
      assertThat(new MachineShare(0).sharers()).isEqualTo(sharers);
      try (Pool pool = ProcessPool.create(1)) {
        assertThat(pool.apply(() -> 1)).as("there is room again").isEqualTo(1);
      }
    } finally {
      assertThat(run("umount", "-l", small.toString())).isTrue();
    }
    Files.delete(small);
    assertNothingIsLeft("without room");
  }

  private void assertNothingIsLeft(String when) throws Exception {
    assertThat(base).as(when).isEmptyDirectory();
    assertThat(new MachineShare(0).sharers()).as("sharers %s", when).isEqualTo(sharers);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("procpool-") && !threads.contains(thread)) {
        thread.join(60_000); // one may be waiting for the end of a process that was killed
        assertThat(thread.isAlive()).as("%s, %s", thread, when).isFalse();
      }
    }
    CompletableFuture.allOf(
            ProcessHandle.current()
                .children()
                .filter(child -> !children.contains(child))
                .map(ProcessHandle::onExit)
                .toArray(CompletableFuture[]::new))
        .get(60, TimeUnit.SECONDS);
  }

  private static long descriptors() throws IOException {
    Path all = Path.of("/proc/self/fd");
    if (!Files.isDirectory(all)) {
      return 0;
    }
    try (var files = Files.list(all)) {
      return files.count();
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
