package dev.procpool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that fails a test which leaves something of a pool behind: a child process, a
 * worker whose parent has ended, a thread named {@code procpool-…}, a file named {@code procpool-…}
 * in the temporary directory or in shared memory.
 *
 * <p>While a test runs, {@code java.io.tmpdir} and the place of shared memory are directories of
 * its own, so that pools of other processes on the machine do not count; a backend reads the
 * properties when it makes a pool. Nor does what existed before the test, nor what vanishes within
 * half a minute after it: processes and threads end asynchronously. For tests that run one at a
 * time in a JVM.
 */
public final class NoLeftovers implements BeforeEachCallback, AfterEachCallback {

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String PREFIX = "procpool-";
  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String MEMORY = "procpool.sharedMemory";
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(NoLeftovers.class);

  /** Makes the extension. */
  public NoLeftovers() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    Ground ground = new Ground();
    context.getStore(NAMESPACE).put("before", new Before(ground, new Check()));
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException, IOException {
    Before before = context.getStore(NAMESPACE).get("before", Before.class);
    if (before == null) {
      return; // beforeEach failed, which is told
    }
    try {
      before.check.assertNothingNew(BOUND);
    } finally {
      before.ground.leave();
    }
  }

  private record Before(Ground ground, Check check) {}

  /** The directories of one test, named by the properties until it leaves them. */
  private static final class Ground {

    private final List<Runnable> goBack = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();

    Ground() {
      enter(TEMPORARY, Path.of(System.getProperty(TEMPORARY)));
      if (Files.isWritable(SHARED_MEMORY)) {
        enter(MEMORY, SHARED_MEMORY);
      }
    }

    private void enter(String property, Path parent) {
      try {
        Path directory = Files.createTempDirectory(parent, "nl-");
        directories.add(directory);
        String before = System.setProperty(property, directory.toString());
        goBack.add(
            () -> {
              if (before == null) {
                System.clearProperty(property);
              } else {
                System.setProperty(property, before);
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void leave() throws IOException {
      goBack.forEach(Runnable::run);
      for (Path directory : directories) {
        Folders.remove(directory);
      }
    }
  }

  /** What there was when this was made, to compare with what there is. Immutable. */
  static final class Check {

    private final Set<String> before = everything();

    /** Fails if there is something new that does not vanish in time. */
    void assertNothingNew(Duration bound) throws InterruptedException {
      if (!Eventually.within(bound, () -> before.containsAll(everything()))) {
        Set<String> left = everything();
        left.removeAll(before);
        throw new AssertionError("left behind by the test, " + bound + " after its end: " + left);
      }
    }
  }

  private static Set<String> everything() {
    return Stream.of(
            processes(),
            threads(),
            files(Path.of(System.getProperty(TEMPORARY))),
            files(Path.of(System.getProperty(MEMORY, SHARED_MEMORY.toString()))))
        .flatMap(names -> names)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> processes() {
    // Those whose parent has ended are no descendants any more, but name their pool's directory.
    String directory = System.getProperty(TEMPORARY);
    Stream<ProcessHandle> orphans =
        ProcessHandle.allProcesses()
            .filter(
                process ->
                    process
                        .info()
                        .commandLine()
                        .orElse("")
                        .contains("@" + directory + "/" + PREFIX));
    // Without the start instant a reused process identifier would hide a leftover.
    return Stream.concat(ProcessHandle.current().descendants(), orphans)
        .map(
            process ->
                "process "
                    + process.pid()
                    + process.info().startInstant().map(start -> " of " + start).orElse(""));
  }

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(PREFIX))
        .map(thread -> "thread " + thread.getName() + " #" + System.identityHashCode(thread));
  }

  private static Stream<String> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
          .map(entry -> "file " + entry)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
