package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not needed of shared values is let go: their files, and what workers have read. */
class SharedReleaseTest extends ProcessPoolTest {

  private static final int MB = 1024 * 1024;

  @TempDir Path directory;

  private Set<Path> before;

  @BeforeEach
  void lookBefore() {
    before = files(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** The files of shared values of all pools that have their directory here. */
  private static Set<Path> files(Path temporary) {
    Set<Path> found = new HashSet<>();
    try (Stream<Path> pools = Files.list(temporary)) {
      for (Path pool : pools.filter(path -> path.toString().contains("procpool-")).toList()) {
        try (Stream<Path> files = Files.list(pool)) {
          files
              .filter(file -> file.getFileName().toString().contains("shared-"))
              .forEach(found::add);
        } catch (IOException e) {
          // of a pool that ends, or no directory
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private Set<Path> files() {
    Set<Path> now = files(Path.of(System.getProperty("java.io.tmpdir")));
    now.removeAll(before);
    return now;
  }

  @Test
  void theFileGoesWithTheCloseOfItsValue() throws Exception {
    Pool pool = pool(1);
    for (Object value : List.of(List.of(1), new int[] {1}, ByteBuffer.allocate(1))) {
      Shared<Object> shared = pool.share(value);
      assertThat(files()).hasSize(1);
      assertThat(pool.apply(() -> shared.get() != null)).isTrue();
      shared.close();
      Eventually.until("the call has ended and the file is gone", () -> files().isEmpty());
    }
  }

  @Test
  void theFileGoesWithTheLastReferenceToItsValue() throws Exception {
    Pool pool = pool(1);
    assertThat(pool.<Shared<String>, String>apply(s -> s.get(), pool.share("argument")))
        .isEqualTo("argument");
    assertThat(captured(pool)).isEqualTo("captured");
    pool.share("not used");
    Eventually.until(
        "the files are gone",
        () -> {
          System.gc();
          return files().isEmpty();
        });
  }

  private static String captured(Pool pool) throws Exception {
    Shared<String> shared = pool.share("captured");
    return pool.apply(() -> shared.get());
  }

  @Test
  void whatAnotherPoolsInitializerUsesStaysAsLongAsThatPool() throws Exception {
    Pool pool = pool(1);
    Shared<String> shared = pool.share("initial");
    Pool other =
        built(
            ProcessPool.builder()
                .workers(1)
                .maxTasksPerWorker(1)
                .initializer(() -> System.setProperty("shared", shared.get())));
    shared.close();
    for (int i = 0; i < 3; i++) {
      assertThat(other.apply(() -> System.getProperty("shared"))).isEqualTo("initial");
    }
    other.close();
    Eventually.until("the file is gone", () -> files().isEmpty());
  }

  /** Counts the copies that a worker has. */
  private static final class Counted implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final List<WeakReference<Counted>> READ = new ArrayList<>();

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      synchronized (READ) {
        READ.add(new WeakReference<>(this));
      }
    }

    static int count() {
      System.gc();
      synchronized (READ) {
        READ.removeIf(copy -> copy.get() == null);
        return READ.size();
      }
    }
  }

  @Test
  void aWorkerLetsGoOfAValueThatWasClosed() throws Exception {
    Pool pool = pool(1);
    Shared<Counted> shared = pool.share(new Counted());
    for (int i = 0; i < 3; i++) {
      assertThat(pool.apply(() -> shared.get() != null)).isTrue();
      assertThat(pool.apply(Counted::count)).as("copies while it is in use").isEqualTo(1);
    }
    shared.close();
    Eventually.until("the copy is gone", () -> countOf(pool) == 0);
  }

  /** Of another pool's worker, too, and without a word of the user's. */
  @Test
  void aWorkerOfAnotherPoolLetsGoOfAValueThatNobodyNeeds() throws Exception {
    Pool pool = pool(1);
    Pool other = pool(1);
    assertThat(
            other.<Shared<Counted>, Boolean>apply(s -> s.get() != null, pool.share(new Counted())))
        .isTrue();
    Eventually.until(
        "the copy is gone",
        () -> {
          System.gc();
          return countOf(other) == 0;
        });
  }

  private static int countOf(Pool pool) {
    try {
      return pool.apply(Counted::count);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /**
   * More than its heap takes together, closed or not; the copies of those not closed are read anew.
   */
  @Test
  void aWorkerSeesMoreSharedValuesThanItsHeapTakes() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Xmx64m")));
    List<Shared<int[]>> kept = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Shared<int[]> shared = pool.share(new int[250_000]);
      kept.add(shared);
      assertThat(pool.apply(() -> shared.get().length)).isEqualTo(250_000);
    }
    assertThat(pool.<Shared<int[]>, Integer>map(s -> s.get().length, kept)).containsOnly(250_000);
    assertThat(pool.workers()).singleElement().matches(worker -> worker.tasksDone() == 200);
    kept.forEach(Shared::close);
    Eventually.until("the files are gone", () -> files().isEmpty());
  }

  @Test
  void aValueThatATaskRefersToStaysThoughMemoryIsShort() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Xmx64m")));
    for (Object value : List.of(new int[MB], List.of("a", "b"), new Counted())) {
      Shared<Object> shared = pool.share(value);
      assertThat(
              pool.apply(
                  () -> {
                    Object mine = shared.get();
                    makeMemoryShort();
                    return mine == shared.get();
                  }))
          .isTrue();
    }
  }

  /** Until what is softly reachable has gone, which leaves enough for what comes next. */
  private static void makeMemoryShort() {
    SoftReference<byte[]> reserve = new SoftReference<>(new byte[8 * MB]);
    List<byte[]> filling = new ArrayList<>();
    while (reserve.get() != null) {
      filling.add(new byte[MB / 4]);
    }
  }

  /** Can't be read the first time. */
  private static final class FailsOnce implements Serializable {
    private static final long serialVersionUID = 1L;
    private static boolean failed;
    private static Shared<?> handle;
    private final Counted counted = new Counted();

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (!failed) {
        failed = true;
        throw new IOException("not now");
      }
    }

    static boolean canBeRead() {
      try {
        return ((FailsOnce) handle.get()).counted != null;
      } catch (TaskSerializationException e) {
        return false;
      }
    }
  }

  @Test
  void aWorkerLetsGoOfAClosedValueThatItCouldNotReadAtFirst() throws Exception {
    Pool pool = pool(1);
    Shared<FailsOnce> shared = pool.share(new FailsOnce());
    assertThat(
            pool.apply(
                () -> {
                  FailsOnce.handle = shared;
                  return FailsOnce.canBeRead();
                }))
        .isFalse();
    assertThat(pool.apply(FailsOnce::canBeRead)).isTrue();
    assertThat(pool.apply(Counted::count)).isEqualTo(1);
    shared.close();
    Eventually.until("the copy is gone", () -> countOf(pool) == 0);
  }

  @Test
  void aTerminatedInlinePoolNeedsNoValueOfAnother() throws Exception {
    Shared<String> shared = pool(1).share("value");
    FileLatch begun = latch("begun");
    FileLatch never = latch("never");
    try (Pool inline = InlinePool.create(1)) {
      inline.applyAsync(
          () -> {
            begun.countDown();
            never.await();
            return shared.get();
          });
      begun.await();
      inline.terminate();
    }
    shared.close();
    Eventually.until("the file is gone", () -> files().isEmpty());
  }

  /** There is no memory for the rest. */
  private static final class TooLarge implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Shared<String> shared;

    TooLarge(Shared<String> shared) {
      this.shared = shared;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      throw new OutOfMemoryError("told by a test, after " + shared);
    }
  }

  @Test
  void aCallThatCannotBeTakenForWantOfMemoryNeedsNoValue() throws Exception {
    Pool pool = pool(1);
    Shared<String> shared = pool.share("value");
    TooLarge captured = new TooLarge(shared);
    try (Pool inline = InlinePool.create(1)) {
      for (Pool either : List.of(pool, inline)) {
        assertThatThrownBy(() -> either.apply(() -> captured.shared.get())).isNotNull();
      }
    }
    shared.close();
    Eventually.until("the file is gone", () -> files().isEmpty());
  }

  /** Fails in the middle. */
  private static final class NotWritable implements Serializable {
    private static final long serialVersionUID = 1L;
    private final byte[] first = new byte[MB];

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      throw new IllegalStateException("not to be written, after " + first.length);
    }
  }

  @Test
  void aValueThatCannotBeSharedLeavesNoFile() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).maxPayload(MB));
    for (Object value : List.of(new Object(), new NotWritable(), List.of(new byte[2 * MB]))) {
      assertThatExceptionOfType(TaskSerializationException.class)
          .isThrownBy(() -> pool.share(value));
    }
    assertThat(files()).isEmpty();
    assertThat(pool.share("value").get()).isEqualTo("value");
  }

  @Test
  void aBrokenPoolSaysSo() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Xmx1")));
    assertThatThrownBy(() -> pool.apply(() -> 1)).hasCauseInstanceOf(PoolBrokenException.class);
    assertThatThrownBy(() -> pool.share(1)).isInstanceOf(PoolBrokenException.class);
  }

  /** A user's program that may write no file larger than a few megabytes, as on a full disk. */
  static final class Writing {

    private Writing() {}

    public static void main(String[] args) throws Exception {
      try (Pool pool = ProcessPool.create(1)) {
        pool.apply(() -> 1);
        List<Object> values =
            List.of(new int[20 * MB], ByteBuffer.allocate(80 * MB), List.of(new int[20 * MB]));
        for (Object value : values) {
          try {
            pool.share(value);
            System.out.println("shared");
          } catch (UncheckedIOException e) {
            System.out.println(e.getMessage().replaceAll("to .*: ", "to …: "));
          }
        }
        System.out.println(files(Path.of(System.getProperty("java.io.tmpdir"))));
        Shared<String> small = pool.share("small");
        System.out.println(pool.apply(() -> small.get()));
      }
    }
  }

  @Test
  void aDiskThatIsFullLeavesNoFile() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash, for its ulimit");
    List<String> limited = List.of("/bin/bash", "-c", "ulimit -f 32768; exec \"$@\"", "bash");
    try (ChildJvm program = new ChildJvm(directory, limited, List.of("-Xmx600m"), Writing.class)) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      String failed = "the shared value can't be written to …: File too large";
      assertThat(program.output()).containsExactly(failed, failed, failed, "[]", "small");
    }
  }
}
