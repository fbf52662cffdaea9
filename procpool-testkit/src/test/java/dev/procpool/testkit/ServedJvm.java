package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.function.Task1;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.DataOptions;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.SharedStore;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * A JVM with a pool of two workers that runs what this JVM encodes, and the encoder here. It has
 * nothing on its class path but procpool and its own program. One thread uses it.
 */
final class ServedJvm implements AutoCloseable {

  private static final String PROGRAM =
      """
      package executor;

      import dev.procpool.*;
      import dev.procpool.local.*;
      import dev.procpool.spi.*;
      import java.io.*;
      import java.net.*;
      import java.nio.file.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.concurrent.*;

      public class Serving {
        private record Command(char what, DataInputStream in) {}

        private final DataInputStream in;
        private final DataOutputStream out;
        private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
        private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
        private final Map<Long, RemoteClasses> loaders = new HashMap<>();
        private final Path folder;

        private Serving(Socket socket, Path folder) throws IOException {
          in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
          out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
          this.folder = folder;
        }

        public static void main(String[] args) throws Exception {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
            Serving serving = new Serving(socket, Path.of(args[1]));
            Thread reader = new Thread(serving::readAll);
            reader.setDaemon(true);
            reader.start();
            serving.run();
          }
        }

        private void readAll() {
          try {
            while (true) {
              char what = (char) in.readByte();
              byte[] frame = read(in);
              if (what == 'A') {
                answers.add(frame);
              } else {
                commands.add(new Command(what, new DataInputStream(new ByteArrayInputStream(frame))));
              }
            }
          } catch (IOException e) {
            // the other side has ended
          }
        }

        private void run() throws Exception {
          DataInputStream begin = commands.take().in();
          byte[] actions = read(begin);
          byte[] options = read(begin);
          ProcessPool.Builder builder = ProcessPool.builder().workers(2).sharedFolder(folder);
          builder.actions(EncodedActions.read(actions, this::loader));
          if (options.length > 0) {
            builder.options(options);
          }
          Backend backend = builder.buildBackend(0);
          try (Pool pool = BackendPool.of("served", backend, OnClose.JOIN)) {
            for (Command next = commands.take(); next.what() != 'E'; next = commands.take()) {
              if (next.what() == 'S') {
                Files.write(folder.resolve(next.in().readUTF()), read(next.in()));
              } else if (next.what() == 'D') {
                String key = next.in().readUTF();
                Files.delete(folder.resolve(key));
                backend.dropShared(key);
              } else {
                call(pool, next.in());
              }
            }
          }
        }

        private void call(Pool pool, DataInputStream from) throws Exception {
          EncodedTask task = EncodedTask.read(read(from), this::loader);
          List<byte[]> items = new ArrayList<>();
          for (int left = from.readInt(); left > 0; left--) {
            items.add(read(from));
          }
          TaskOptions options = TaskOptions.defaults().chunkSize(1);
          Duration limit = Duration.ofMillis(from.readLong());
          if (!limit.isZero()) { // some calls have it by item
            options = items.size() % 2 == 0 ? options.timeout(limit) : options.timeout((byte[] i) -> limit);
          }
          for (Outcome<byte[]> outcome : pool.with(options).mapAsync(task, items).outcomes()) {
            synchronized (out) {
              out.writeByte('o');
              EncodedOutcome.write(outcome, ItemRun.UNKNOWN, out);
            }
          }
          synchronized (out) {
            out.writeByte('.');
            out.flush();
          }
        }

        private synchronized RemoteClasses loader(long number) {
          return loaders.computeIfAbsent(number, n -> new RemoteClasses(n, this::ask));
        }

        /** One at a time: the answer is the next that comes. */
        private synchronized byte[] ask(byte[] question) {
          try {
            synchronized (out) {
              out.writeByte('?');
              out.writeInt(question.length);
              out.write(question);
              out.flush();
            }
            return answers.take();
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }

        private static byte[] read(DataInputStream from) throws IOException {
          byte[] bytes = new byte[from.readInt()];
          from.readFully(bytes);
          return bytes;
        }
      }
      """;

  /** Keeps the bytes of shared values in memory. */
  private final class Kept implements SharedStore {
    @Override
    public OutputStream open(String key) {
      return new ByteArrayOutputStream() {
        @Override
        public void close() {
          assertThat(values.put(key, toByteArray())).isNull();
        }
      };
    }

    @Override
    public void drop(String key) {
      values.remove(key);
      dropped.add(key);
    }
  }

  private final Map<String, byte[]> values = new ConcurrentHashMap<>();
  private final Queue<String> dropped = new ConcurrentLinkedQueue<>();

  /** The keys that the other JVM was sent and not told to drop. */
  private final Set<String> sent = new HashSet<>();

  /** How many values it was sent. */
  int crossed;

  /** How often it asked for classes or resources. */
  int questions;

  /** The time that each item of a call may take; zero if there is no limit. */
  Duration limit = Duration.ZERO;

  final CallEncoder encoder;
  private final Path shared;
  private final ServerSocket server;
  private final ChildJvm process;
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  ServedJvm(Path folder) throws Exception {
    this(folder, ProcessPool.builder(), new byte[0]);
  }

  /**
   * Starts one.
   *
   * @param data how values cross
   * @param options of its workers, encoded; empty for the defaults
   */
  ServedJvm(Path folder, DataOptions<?> data, byte[] options) throws Exception {
    encoder = new CallEncoder(data, new Kept());
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    server.setSoTimeout(60_000);
    Path program = Files.createDirectories(folder.resolve("program"));
    Compiled.of(program, PROGRAM);
    shared = Files.createDirectory(folder.resolve("shared"));
    process =
        new ChildJvm(
            Files.createDirectory(folder.resolve("e")),
            List.of(),
            List.of("-cp", Compiled.core() + File.pathSeparator + program),
            "executor.Serving",
            Integer.toString(server.getLocalPort()),
            shared.toString());
    socket = server.accept();
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    send(
        'B',
        to -> {
          write(encoder.actions(), to);
          write(options, to);
        });
  }

  /** Runs a call over there. */
  <T, R> List<Outcome<R>> run(Task1<T, R> task, List<T> items) throws IOException {
    try (CallEncoder.Call<T, R> call = encoder.encode(task)) {
      return run(call, items);
    }
  }

  /** Runs an encoded call over there, which is closed later. */
  <T, R> List<Outcome<R>> run(CallEncoder.Call<T, R> call, List<T> items) throws IOException {
    TreeMap<Long, Outcome<R>> outcomes = new TreeMap<>();
    List<byte[]> encoded = new ArrayList<>();
    List<Long> indexes = new ArrayList<>();
    send(call.shared());
    for (int i = 0; i < items.size(); i++) {
      CallEncoder.Item item = call.item(i, items.get(i), o -> outcomes.put(o.index(), o));
      if (item != null) {
        send(item.shared());
        encoded.add(item.bytes());
        indexes.add((long) i);
      }
    }
    send(
        'C',
        to -> {
          write(call.task(), to);
          to.writeInt(encoded.size());
          for (byte[] item : encoded) {
            write(item, to);
          }
          to.writeLong(limit.toMillis());
        });
    for (char kind = (char) in.readByte(); kind != '.'; kind = (char) in.readByte()) {
      if (kind == '?') {
        questions++;
        byte[] question = new byte[in.readInt()];
        in.readFully(question);
        out.writeByte('A');
        write(encoder.answer("executor", question), out);
        out.flush();
      } else {
        Outcome<R> outcome = call.outcome(EncodedOutcome.read(in).outcome());
        outcomes.put(indexes.get((int) outcome.index()), outcome);
      }
    }
    return List.copyOf(outcomes.values());
  }

  /** Has it keep values, each of them once. */
  private void send(Set<String> keys) throws IOException {
    for (String key : keys) {
      byte[] bytes = values.get(key);
      if (bytes != null && sent.add(key)) {
        crossed++;
        send(
            'S',
            to -> {
              to.writeUTF(key);
              write(bytes, to);
            });
      }
    }
  }

  /** Tells it what was dropped here. */
  void tellDropped() throws IOException {
    for (String next = dropped.poll(); next != null; next = dropped.poll()) {
      String key = next;
      if (sent.remove(key)) {
        send('D', to -> to.writeUTF(key));
      }
    }
  }

  /** How many values are kept here. */
  int kept() {
    return values.size();
  }

  /** How many files it has. */
  int files() {
    try (Stream<Path> files = Files.list(shared)) {
      return (int) files.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private interface Body {
    void write(DataOutputStream to) throws IOException;
  }

  private void send(char what, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.write(new DataOutputStream(bytes));
    out.writeByte(what);
    write(bytes.toByteArray(), out);
    out.flush();
  }

  private static void write(byte[] bytes, DataOutputStream to) throws IOException {
    to.writeInt(bytes.length);
    to.write(bytes);
  }

  @Override
  public void close() throws IOException {
    encoder.close();
    try (ChildJvm ended = process) {
      send('E', to -> {});
      assertThat(ended.exitCode()).as(ended.errors()).isZero();
      assertThat(ended.workers()).isEmpty();
      assertThat(ended.files()).isEmpty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      socket.close();
      server.close();
    }
  }
}
