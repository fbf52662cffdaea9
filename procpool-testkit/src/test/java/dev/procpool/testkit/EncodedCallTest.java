package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.EncodedThrowable;
import dev.procpool.spi.RemoteClasses;
import dev.procpool.spi.WorkerName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls that this JVM encodes and another one runs, which has nothing on its class path but
 * procpool and its own program.
 */
@ExtendWith(NoLeftovers.class)
class EncodedCallTest {

  /** The other JVM's: it reads tasks and items from a socket, and writes outcomes and questions. */
  private static final String EXECUTOR =
      """
      package executor;

      import dev.procpool.*;
      import dev.procpool.local.*;
      import dev.procpool.spi.*;
      import java.io.*;
      import java.net.*;
      import java.time.Duration;
      import java.util.*;

      public class Executor {
        private final DataInputStream in;
        private final DataOutputStream out;
        private final Map<Long, RemoteClasses> loaders = new HashMap<>();

        private Executor(Socket socket) throws IOException {
          in = new DataInputStream(socket.getInputStream());
          out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        public static void main(String[] args) throws Exception {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
              Pool pool = ProcessPool.create(2)) {
            new Executor(socket).run(pool);
          }
        }

        private void run(Pool pool) throws Exception {
          for (int items = in.readInt(); items >= 0; items = in.readInt()) {
            byte[] bytes = read(in);
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < items; i++) {
              all.add(read(in));
            }
            EncodedTask task = EncodedTask.read(bytes,
                number -> loaders.computeIfAbsent(number, n -> new RemoteClasses(n, this::ask)));
            Duration limit = Duration.ofSeconds(20);
            TaskOptions options = TaskOptions.defaults().chunkSize(1);
            options = items % 2 == 0 ? options.timeout(limit) : options.timeout((byte[] item) -> limit);
            for (Outcome<byte[]> outcome : pool.with(options).mapAsync(task, all).outcomes()) {
              tell(outcome);
            }
            synchronized (out) {
              out.writeByte('.');
              out.flush();
            }
          }
        }

        private void tell(Outcome<byte[]> outcome) throws IOException {
          synchronized (out) {
            Throwable error = outcome.failure().orElse(null);
            if (outcome instanceof Outcome.Success<byte[]> success) {
              head('S', outcome, "");
              write(success.value());
            } else if (error instanceof EncodedThrowable thrown) {
              head('F', outcome, "");
              write(thrown.bytes());
            } else if (error instanceof TaskSerializationException) {
              head('N', outcome, error.getMessage());
              write(error.getCause() instanceof EncodedThrowable thrown ? thrown.bytes() : new byte[0]);
            } else {
              head('O', outcome, outcome.getClass().getSimpleName() + " " + error);
            }
          }
        }

        private void head(char kind, Outcome<byte[]> outcome, String text) throws IOException {
          out.writeByte(kind);
          out.writeLong(outcome.index());
          out.writeLong(outcome.workerPid());
          write(text.getBytes("UTF-8"));
          write(outcome.partial().orElse(new byte[0]));
        }

        /** One at a time: the answer is the next thing that comes. */
        private byte[] ask(byte[] question) {
          synchronized (this) {
            try {
              synchronized (out) {
                out.writeByte('?');
                write(question);
                out.flush();
              }
              return read(in);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        }

        private void write(byte[] bytes) throws IOException {
          out.writeInt(bytes.length);
          out.write(bytes);
        }

        private static byte[] read(DataInputStream in) throws IOException {
          byte[] bytes = new byte[in.readInt()];
          in.readFully(bytes);
          return bytes;
        }
      }
      """;

  /** What users have: a value with a class of their own. */
  record Part(int number, List<String> names) implements java.io.Serializable {}

  /** Data that is not serializable. */
  record Plain(int number, Optional<Path> at, Map.Entry<String, Empty> entry) {
    static Plain of(int number) {
      return new Plain(number, Optional.of(Path.of("a")), Map.entry("b", new Empty()));
    }
  }

  record Empty() {}

  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    final Part part;

    Refused(Part part) {
      super("refused " + part.number());
      this.part = part;
    }
  }

  /** Its own code fails while it is written. */
  static final class Torn implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private void writeObject(java.io.ObjectOutputStream out) throws IOException {
      throw new IOException(new Refused(new Part(4, List.of())));
    }
  }

  @TempDir Path folder;

  private ServerSocket server;
  private ChildJvm executor;
  private Socket socket;
  private DataInputStream in;
  private DataOutputStream out;
  private CallEncoder encoder;

  /** How often the executor asked. */
  private int questions;

  @BeforeEach
  void start() throws Exception {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Path program = Files.createDirectories(folder.resolve("program"));
    Compiled.of(program, EXECUTOR);
    executor =
        new ChildJvm(
            Files.createDirectory(folder.resolve("e")),
            List.of(),
            List.of("-cp", Compiled.core() + java.io.File.pathSeparator + program),
            "executor.Executor",
            Integer.toString(server.getLocalPort()));
    server.setSoTimeout(60_000);
    socket = server.accept();
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    encoder = new CallEncoder();
  }

  @AfterEach
  void end() throws Exception {
    encoder.close();
    try (ChildJvm ended = executor) { // whatever was left on the way
      out.writeInt(-1);
      out.flush();
      assertThat(ended.exitCode()).as(ended.errors()).isZero();
      assertThat(ended.workers()).isEmpty();
      assertThat(ended.files()).isEmpty();
    } finally {
      socket.close();
      server.close();
    }
  }

  private void write(byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private byte[] read() throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** Runs a call over there. */
  private <T, R> List<Outcome<R>> run(Task1<T, R> task, List<T> items) throws IOException {
    TreeMap<Long, Outcome<R>> outcomes = new TreeMap<>();
    try (CallEncoder.Call<T, R> call = encoder.encode(task)) {
      List<byte[]> encoded = new ArrayList<>();
      List<Long> indexes = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        CallEncoder.Item item = call.item(i, items.get(i), o -> outcomes.put(o.index(), o));
        if (item != null) {
          encoded.add(item.bytes());
          indexes.add((long) i);
        }
      }
      out.writeInt(encoded.size());
      write(call.task());
      for (byte[] item : encoded) {
        write(item);
      }
      out.flush();
      for (char kind = (char) in.readByte(); kind != '.'; kind = (char) in.readByte()) {
        if (kind == '?') {
          questions++;
          write(encoder.answer("executor", read()));
          out.flush();
        } else {
          long index = indexes.get((int) in.readLong());
          Attempt attempt = new Attempt(index, 1, 0, WorkerName.of("there", in.readLong()));
          String text = new String(read(), StandardCharsets.UTF_8);
          byte[] part = read();
          attempt = attempt.leaving(part.length == 0 ? null : part, null);
          Outcome<byte[]> outcome =
              switch (kind) {
                case 'S' -> attempt.succeeded(read());
                case 'F' -> attempt.failed(new EncodedThrowable(read()));
                case 'N' -> attempt.failed(notSerializable(text, read()));
                default -> attempt.failed(new IllegalStateException(text));
              };
          outcomes.put(index, call.outcome(outcome));
        }
      }
    }
    return List.copyOf(outcomes.values());
  }

  private static Throwable notSerializable(String text, byte[] cause) {
    return new TaskSerializationException(
        text, cause.length == 0 ? null : new EncodedThrowable(cause));
  }

  private static Throwable error(Outcome<?> outcome) {
    return outcome.failure().orElseThrow();
  }

  @Test
  void dataThatIsNotSerializableTravelsAsItIs() throws Exception {
    Plain captured = Plain.of(-1);
    Task1<Object, Object> task = x -> x instanceof Integer i ? List.of(Plain.of(i), captured) : x;
    Map<String, Plain> map = new HashMap<>(Map.of("c", Plain.of(3)));
    List<Object> items =
        List.of(1, Plain.of(2), List.of(Plain.of(2)), map, map.keySet(), new Empty());
    assertThat(run(task, items))
        .extracting(Outcome::valueOrThrow)
        .containsExactly(
            List.of(Plain.of(1), captured),
            Plain.of(2),
            List.of(Plain.of(2)),
            map,
            map.keySet(),
            new Empty());
  }

  @Test
  void valuesOfUsersClassesComeBackInOrder() throws Exception {
    String captured = "of here";
    Task1<Integer, Part> task =
        i -> new Part(i, List.of(captured, EncodedCallTest.class.getSimpleName()));
    List<Integer> items = IntStream.range(0, 100).boxed().toList();
    assertThat(run(task, items))
        .extracting(Outcome::valueOrThrow)
        .containsExactlyElementsOf(
            items.stream().map(i -> new Part(i, List.of(captured, "EncodedCallTest"))).toList());
    int first = questions;
    assertThat(first).isPositive();
    // asked once for both workers, and for all calls
    assertThat(run(task, items)).allMatch(Outcome::isSuccess);
    assertThat(questions).isEqualTo(first);
  }

  @Test
  void nullPrimitivesAndLargeValuesAreAsInAnyCall() throws Exception {
    assertThat(run((String s) -> s, java.util.Arrays.asList("a", null)))
        .extracting(Outcome::valueOrThrow)
        .containsExactly("a", null);
    assertThat(run((Integer i) -> 2 * i, List.of(1, 2)))
        .extracting(Outcome::valueOrThrow)
        .containsExactly(2, 4);
    byte[] large = new byte[3_000_000];
    large[2_999_999] = 7;
    assertThat(run((byte[] b) -> b, List.of(large)).get(0).valueOrThrow()).isEqualTo(large);
  }

  @Test
  void aTaskMayAskForAnotherWorkerAfterIt() throws Exception {
    Task1<Integer, Long> task =
        i -> {
          WorkerContext.current().replaceWorker();
          return ProcessHandle.current().pid();
        };
    assertThat(run(task, List.of(1, 2, 3, 4)))
        .extracting(Outcome::valueOrThrow)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatItemsPublishArrivesDecoded() throws Exception {
    Task1<Integer, Part> task =
        i -> {
          WorkerContext.current().publish(new Part(i, List.of("so far")));
          if (i == 1) {
            throw new IllegalStateException("then this");
          }
          return new Part(i, List.of("whole"));
        };
    List<Outcome<Part>> outcomes = run(task, List.of(0, 1));
    assertThat(outcomes.get(0).partial()).isEmpty();
    assertThat(outcomes.get(1).partial()).contains(new Part(1, List.of("so far")));
    assertThat(error(outcomes.get(1))).hasMessage("then this");
  }

  @Test
  void whatATaskThrowsArrivesAsItself() throws Exception {
    Task1<Integer, Integer> task =
        i -> {
          throw new Refused(new Part(i, List.of("x")));
        };
    Throwable error = error(run(task, List.of(5)).get(0));
    assertThat(error).isInstanceOf(Refused.class).hasMessage("refused 5");
    assertThat(((Refused) error).part).isEqualTo(new Part(5, List.of("x")));
    assertThat(error.getStackTrace()[0].getClassName()).startsWith(getClass().getName());
  }

  @Test
  void whatCantBeSerializedFailsItsItemAlone() throws Exception {
    Task1<Object, Object> task = i -> i.equals(2) ? new Object() : i.equals(4) ? new Torn() : i;
    List<Outcome<Object>> outcomes = run(task, List.of(1, 2, new Object(), 4, 5));
    assertThat(outcomes.get(0).valueOrThrow()).isEqualTo(1);
    assertThat(outcomes.get(4).valueOrThrow()).isEqualTo(5);
    assertThat(error(outcomes.get(3)))
        .isInstanceOf(TaskSerializationException.class)
        .hasRootCauseInstanceOf(Refused.class);
    assertThat(error(outcomes.get(1)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1: the result can't be serialized");
    assertThat(error(outcomes.get(2)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 2: the argument can't be serialized");
    Object notSerializable = new Object();
    assertThat(error(run((Integer i) -> notSerializable.hashCode(), List.of(1)).get(0)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 0: the task can't be serialized");
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // a task that never ends
  void anItemThatKillsItsWorkerCostsNoOther() throws Exception {
    Task1<Integer, Integer> task =
        i -> {
          if (i == 1) {
            Runtime.getRuntime().halt(9);
          }
          while (i == 2) {
            Thread.onSpinWait();
          }
          return i;
        };
    List<Outcome<Integer>> outcomes = run(task, List.of(0, 1, 2, 3));
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(error(outcomes.get(1))).hasMessageContaining("WorkerLost");
    assertThat(error(outcomes.get(2))).hasMessageContaining("TimedOut");
    assertThat(outcomes.get(3).valueOrThrow()).isEqualTo(3);
  }

  @Test
  @SuppressWarnings("unchecked")
  void aPluginBringsItsClassesAndResources() throws Exception {
    Path plugin = Files.createDirectories(folder.resolve("plugin"));
    Compiled.of(plugin, ClassFetchTest.PLUGIN);
    Files.writeString(plugin.resolve("plugin/unit.txt"), " mm");
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {plugin.toUri().toURL()}, getClass().getClassLoader())) {
      Task1<Integer, String> task =
          (Task1<Integer, String>)
              loader.loadClass("plugin.Doubler").getDeclaredConstructor().newInstance();
      assertThat(run(task, List.of(3)).get(0).valueOrThrow())
          .isEqualTo("Pair[value=3, twice=6] mm");
    }
  }

  @Test
  void whatIsNoEncodedTaskIsRefusedWithAWord() throws Exception {
    RemoteClasses none = new RemoteClasses(1, question -> question);
    for (byte[] bytes : List.of(new byte[0], new byte[] {1, 0}, new byte[] {9}, new byte[14])) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> EncodedTask.read(bytes, n -> none))
          .withMessageMatching("(?s).*(no encoded task|format).*");
    }
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> encoder.answer("executor", new byte[3]))
        .withMessageContaining("no question");
  }

  @Test
  void onlyWorkersCanRunIt() throws Exception {
    RemoteClasses none = new RemoteClasses(1, question -> question);
    byte[] bytes = EncodedTask.write(new byte[0], new byte[0], false, 1);
    try (Pool pool = InlinePool.create(1)) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> pool.mapAsync(EncodedTask.read(bytes, n -> none), List.of(bytes)).get())
          .withMessageContaining("ProcessPool");
    }
  }

  @Test
  void whatMakesNoSenseFailsItsItems() throws Exception {
    RemoteClasses lost =
        new RemoteClasses(
            1,
            question -> {
              throw new IllegalStateException("the sender is gone");
            });
    byte[] garbage = EncodedTask.write(new byte[] {1, 2, 3}, new byte[0], false, 1);
    byte[] fine;
    try (CallEncoder.Call<Integer, Part> call = encoder.encode(i -> new Part(i, List.of()))) {
      fine = call.task();
    }
    try (Pool pool = ProcessPool.create(1)) {
      List<Outcome<byte[]>> outcomes =
          pool.mapAsync(
                  EncodedTask.read(garbage, n -> lost), java.util.Arrays.asList(null, new byte[1]))
              .outcomes();
      assertThat(error(outcomes.get(0))).hasMessage("item 0: not encoded, but null");
      assertThat(error(outcomes.get(1))).isInstanceOf(TaskSerializationException.class);
      // its classes can't be had
      assertThat(pool.mapAsync(EncodedTask.read(fine, n -> lost), List.of(new byte[1])).outcomes())
          .noneMatch(Outcome::isSuccess);
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }
  }
}
