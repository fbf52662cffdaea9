package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.local.Bubblewrap;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers in a sandbox have the rights that it leaves them, and work otherwise as ever. */
class SandboxTest extends ProcessPoolTest {

  @TempDir Path directory;

  private static void assumeBubblewrap() throws Exception {
    assumeTrue(Commands.bubblewrapWorks(), "bubblewrap does not work here");
  }

  /** What a task in a worker is allowed to, by the name of what it tried. */
  private static List<String> rights(
      Path secret, Path beside, Path writable, Path parents, int port) {
    List<String> rights = new ArrayList<>();
    attempt(rights, "write to a given place", () -> Files.writeString(writable, "x"));
    attempt(rights, "write beside it", () -> Files.writeString(Path.of(writable + "2"), "x"));
    attempt(rights, "read hidden", () -> Files.readString(secret));
    attempt(rights, "see temporary files", () -> Files.readString(parents));
    attempt(rights, "temporary file", () -> Files.createTempFile("a", "b"));
    attempt(rights, "connect", () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    attempt(rights, "read a name", () -> Files.readString(Path.of("/etc/passwd")));
    attempt(rights, "read what is shown", () -> Files.readString(beside));
    attempt(
        rights,
        "see other processes",
        () -> {
          if (ProcessHandle.allProcesses().count() <= 2) { // itself and what has started it
            throw new IOException("only one's own");
          }
        });
    return rights;
  }

  private static int spinForEver(int x) {
    while (x > 0) {
      Thread.onSpinWait();
    }
    return x;
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static void attempt(List<String> rights, String what, Attempt attempt) {
    try {
      attempt.run();
      rights.add(what);
    } catch (Exception e) {
      // not allowed
    }
  }

  @Test
  void bubblewrapTakesAllButReadingAndItsOwnTemporaryFiles() throws Exception {
    assumeBubblewrap();
    Path home = Path.of("").toAbsolutePath().resolve("target/sandbox-test");
    Path secret = Files.createDirectories(home.resolve("hidden")).resolve("key");
    Path open = Files.createDirectories(home.resolve("open"));
    Files.writeString(secret, "secret");
    String beside = Files.writeString(home.resolve("shown"), "x").toString();
    Path parents = Files.writeString(directory.resolve("parents"), "x");
    String writable = open.resolve("result").toString();
    String hidden = secret.toString();
    String temporary = parents.toString();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = server.getLocalPort();
      Pool pool =
          built(
              ProcessPool.builder()
                  .workers(1)
                  .sandbox(
                      Sandbox.bubblewrap()
                          .readable(home)
                          .hidden(secret.getParent())
                          .writable(open)));
      assertThat(
              pool.apply(
                  () ->
                      rights(
                          Path.of(hidden),
                          Path.of(beside),
                          Path.of(writable),
                          Path.of(temporary),
                          port)))
          .containsExactly(
              "write to a given place",
              "write beside it",
              "temporary file",
              "read a name",
              "read what is shown");
      assertThat(open.resolve("result")).hasContent("x");
      assertThat(pool.workers()).hasSize(1).allMatch(worker -> isMuchForAJvm(worker.memoryBytes()));
    }
  }

  private static boolean isMuchForAJvm(OptionalLong bytes) {
    return bytes.orElse(0) > 10L * 1024 * 1024;
  }

  @Test
  void aBoxedWorkerIsKilledBlamedAndReplacedAsAnyOther() throws Exception {
    assumeBubblewrap();
    Sandbox box = Sandbox.prlimit().openFiles(256).around(Sandbox.bubblewrap());
    Pool pool = built(ProcessPool.builder().workers(1).sandbox(box));
    Shared<List<Integer>> shared = pool.share(List.of(7, 8));
    assertThat(pool.apply(() -> shared.get().get(1))).isEqualTo(8);
    List<Outcome<Integer>> outcomes =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(500)))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    Runtime.getRuntime().halt(9);
                  }
                  while (x == 2) {
                    Thread.onSpinWait();
                  }
                  return x;
                },
                List.of(0, 1, 2, 3))
            .outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(((Outcome.WorkerLost<Integer>) outcomes.get(1)).exit().exitCode()).hasValue(9);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcomes.get(3).valueOrThrow()).isEqualTo(3);
  }

  /** A shell drops what is no name for it, and would look for bubblewrap on the worker's path. */
  @Test
  void aBoxedWorkerHasEveryVariable() throws Exception {
    assumeBubblewrap();
    Map<String, String> variables =
        Map.of("spring.x.y", "a b\n\"c\" $d", "1", "2", "plain", "3", "PATH", "/no/such");
    Pool pool =
        built(
            ProcessPool.builder().workers(1).environment(variables).sandbox(Sandbox.bubblewrap()));
    assertThat(pool.apply(() -> Map.copyOf(System.getenv()))).containsAllEntriesOf(variables);
  }

  @Test
  void theNameOfThisMachineIsKnownAndItsHeapMayBeAFile() throws Exception {
    assumeBubblewrap();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(List.of("-XX:+UseZGC", "-Xmx2g"))
                .sandbox(Sandbox.bubblewrap()));
    String name = localHost();
    assumeTrue(!name.isEmpty(), "this machine's name has no address");
    assertThat(pool.apply(SandboxTest::localHost)).isEqualTo(name);
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  @Test
  void aNestedPoolHasItsDirectoryInTheBox() throws Exception {
    assumeBubblewrap();
    Pool pool = built(ProcessPool.builder().workers(1).sandbox(Sandbox.bubblewrap()));
    assertThat(
            pool.apply(
                () -> {
                  try (Pool nested = ProcessPool.create(1)) {
                    return nested.map(x -> x + 1, List.of(1, 2));
                  }
                }))
        .containsExactly(2, 3);
  }

  /** Nothing of the machine's but what a JVM and its classes need. */
  @Test
  void nothingIsShownThatIsNotAskedFor() throws Exception {
    assumeBubblewrap();
    String document = Files.writeString(directory.resolve("document"), "x").toString();
    Pool pool = built(ProcessPool.builder().workers(1).sandbox(Sandbox.bubblewrap()));
    assertThatThrownBy(() -> pool.apply(() -> Files.readString(Path.of(document))))
        .hasCauseInstanceOf(NoSuchFileException.class);
    assertThat(pool.apply(() -> names("/")))
        .contains("dev", "proc", "tmp", "usr")
        .doesNotContain(notNeeded("/", "boot", "sys", "media", "sbin", "bin"));
    assertThat(pool.apply(() -> names("/usr"))).doesNotContain(notNeeded("/usr", "sbin", "src"));
    assertThat(pool.apply(() -> names("/etc"))).contains("passwd").doesNotContain("shadow", "ssh");
    assertThat(pool.apply(() -> names(Path.of("").toAbsolutePath().toString())))
        .as("the working directory, which is there")
        .doesNotContain("pom.xml", "src");

    Pool other =
        built(ProcessPool.builder().workers(1).sandbox(Sandbox.bubblewrap().readable(directory)));
    assertThat(other.apply(() -> Files.readString(Path.of(document)))).isEqualTo("x");
  }

  /** Those of the names in a directory that lead to nothing which workers need. */
  private static String[] notNeeded(String directory, String... names) throws IOException {
    List<Path> needed = new ArrayList<>();
    needed.add(Path.of(System.getProperty("java.home")));
    needed.add(Path.of(System.getProperty("java.io.tmpdir")));
    needed.add(Path.of("").toAbsolutePath());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      needed.add(Path.of(entry).toAbsolutePath());
    }
    Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "prlimit").toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(needed::add);
    Path at = Path.of(directory);
    Set<String> without = new TreeSet<>(List.of(names));
    for (Path path : needed) {
      if (Files.exists(path)) {
        for (Path name : List.of(path, path.toRealPath())) {
          if (name.startsWith(at) && !name.equals(at)) {
            without.remove(name.getName(at.getNameCount()).toString());
          }
        }
      }
    }
    return without.toArray(String[]::new);
  }

  private static List<String> names(String directory) {
    return List.of(Objects.requireNonNull(new File(directory).list(), directory));
  }

  @Test
  void whatIsHiddenInWhatWorkersWriteStaysHidden() throws Exception {
    assumeBubblewrap();
    Path data = Files.createDirectory(directory.resolve("data"));
    Path keys = Files.createDirectory(data.resolve("keys"));
    Files.writeString(keys.resolve("key"), "secret");
    String from = keys.toString();
    String to = data.resolve("moved").toString();
    Bubblewrap box = Sandbox.bubblewrap().writable(data).hidden(keys);
    Pool pool = built(ProcessPool.builder().workers(1).sandbox(box));
    assertThat(pool.apply(() -> new File(from).renameTo(new File(to)))).as("moved").isFalse();
    pool.mapAsync(SandboxTest::halt, List.of(1)).outcomes();
    assertThat(pool.apply(() -> names(from))).as("for the next worker").isEmpty();

    Pool late = built(ProcessPool.builder().workers(1).sandbox(box));
    late.apply(() -> 1);
    Files.move(keys, Path.of(to)); // from outside, where it can be
    late.mapAsync(SandboxTest::halt, List.of(1)).outcomes();
    assertThatThrownBy(() -> late.apply(() -> names(to)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PoolBrokenException.class)
        .hasMessageContaining(keys + " was to be hidden");
  }

  private static int halt(int status) {
    Runtime.getRuntime().halt(status);
    return status;
  }

  @Test
  void whatOptionsOfTheJvmNameIsShown() throws Exception {
    assumeBubblewrap();
    Path store = Files.createFile(directory.resolve("store"));
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(List.of("-Djavax.net.ssl.trustStore=" + store))
                .sandbox(Sandbox.bubblewrap()));
    assertThat(
            pool.apply(() -> Files.exists(Path.of(System.getProperty("javax.net.ssl.trustStore")))))
        .isTrue();
  }

  @Test
  void whatContradictsFailsWhenThePoolIsBuilt() {
    Path here = Path.of("").toAbsolutePath();
    Bubblewrap box = Sandbox.bubblewrap();
    for (Bubblewrap wrong :
        List.of(
            box.hidden(here),
            box.hidden(here.getRoot()),
            box.readable(here.getRoot()).hidden(Path.of(System.getProperty("java.home"))),
            box.hidden(Path.of(System.getProperty("java.io.tmpdir"))),
            box.readable(directory).hidden(directory),
            box.writable(here),
            box.writable(Path.of(System.getProperty("java.io.tmpdir")), directory),
            box.readable(Path.of("relative")),
            box.writable(directory.resolve("missing")))) {
      assertThatThrownBy(() -> ProcessPool.builder().sandbox(wrong.network()).build())
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(IllegalArgumentException.class),
              e -> assertThat(e).hasMessageContaining("install the package"))
          .hasMessageContaining("the sandbox ");
    }
  }

  /** It is written through the box to the pool's directory, and moved to where others' are. */
  @Test
  void aBoxedWorkersCrashFileIsKept() throws Exception {
    assumeBubblewrap();
    Pool pool =
        built(ProcessPool.builder().workers(1).output(line -> {}).sandbox(Sandbox.bubblewrap()));
    List<Outcome<Integer>> crashed = pool.mapAsync(SandboxTest::crash, List.of(1)).outcomes();
    WorkerExit exit = ((Outcome.WorkerLost<Integer>) crashed.get(0)).exit();
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.NATIVE_CRASH);
    Path file = exit.crashFile().orElseThrow();
    assertThat(file).hasParent(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(Files.readString(file)).contains("SIGSEGV");
    assertThat(exit.crashSummary()).isNotEmpty();
    Files.delete(file);
  }

  private static int crash(int address) throws Exception {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field field = type.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
    return address;
  }

  /** As when {@code /dev/shm} is full: then the memory of workers is in the pool's directory. */
  @Test
  void theMemoryOfOtherWorkersIsNotSeen() throws Exception {
    assumeBubblewrap();
    try (ChildJvm child =
        new ChildJvm(
            directory,
            List.of(),
            TheMemoryOfOthers.class,
            directory.resolve("no-such-place").toString())) {
      assertThat(child.exitCode()).as(child.errors()).isZero();
      assertThat(child.output()).containsExactly("own alone: true", "5");
    }
  }

  /** Tells whether a worker sees more than its own memory while others start. */
  static final class TheMemoryOfOthers {

    public static void main(String[] args) throws Exception {
      System.setProperty("procpool.sharedMemory", args[0]);
      try (Pool pool = ProcessPool.builder().workers(3).sandbox(Sandbox.bubblewrap()).build()) {
        AsyncResult<Boolean> spy = pool.applyAsync(TheMemoryOfOthers::seesItsOwnAlone);
        pool.prestart();
        System.out.println("own alone: " + spy.get());
        System.out.println(pool.apply(() -> 5));
      }
    }

    /** Looks until it has seen other workers' names come, or would have. */
    private static boolean seesItsOwnAlone() throws IOException {
      Set<String> seen = new TreeSet<>();
      for (int i = 0; i < 3000; i++) {
        try (Stream<Path> files = Files.walk(Path.of("/tmp"))) {
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.startsWith("procpool-memory-"))
              .forEach(seen::add);
        }
      }
      return seen.size() <= 1;
    }
  }

  @Test
  void limitsOfTheSystem() throws Exception {
    assumeTrue(
        Commands.succeeds("prlimit", "--nofile=64", "--", "true"), "prlimit does not work here");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(List.of("-Xmx64m"))
                .output(line -> {})
                .sandbox(
                    Sandbox.prlimit()
                        .addressSpace(8L << 30)
                        .processorTime(Duration.ofSeconds(3))
                        .openFiles(200)));
    assertThat(pool.apply(() -> Files.readString(Path.of("/proc/self/limits"))))
        .containsPattern("Max cpu time +3 +3 ")
        .containsPattern("Max open files +200 +200 ")
        .containsPattern("Max address space +8589934592 +8589934592 ");
    List<Outcome<Integer>> spinning =
        pool.mapAsync(SandboxTest::spinForEver, List.of(1)).outcomes();
    assertThat(((Outcome.WorkerLost<Integer>) spinning.get(0)).exit().signal().orElseThrow())
        .isIn("SIGKILL", "SIGXCPU");
    assertThat(pool.apply(() -> 5)).isEqualTo(5);
  }

  @Test
  void aMissingToolIsToldWhenThePoolIsMade() {
    assertThatThrownBy(() -> ProcessPool.builder().sandbox(Sandbox.of("no-such-box", "--")).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no-such-box")
        .hasMessageContaining("PATH");
    assertThatThrownBy(
            () ->
                ProcessPool.builder()
                    .sandbox(Sandbox.of("/bin/sh").around(Sandbox.of("/no/such/box")))
                    .build())
        .hasMessageContaining("/no/such/box");
  }

  @Test
  void aSandboxThatDoesNotStartBreaksThePoolWithItsWords() {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(line -> {})
                .sandbox(Sandbox.of("/bin/sh", "-c", "echo box: no rights >&2; exit 1", "--")));
    assertThatThrownBy(() -> pool.apply(() -> 1))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PoolBrokenException.class)
        .hasMessageContaining("sandbox")
        .hasMessageContaining("box: no rights");
  }
}
