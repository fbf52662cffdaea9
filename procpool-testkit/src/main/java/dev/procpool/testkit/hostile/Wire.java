package dev.procpool.testkit.hostile;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker's side of the protocol, written anew from its description, so that it can break each
 * rule: it shares no code with the pool's own. Belongs to one thread, but for {@link #beat}.
 */
final class Wire {

  static final int PROTOCOL_VERSION = 8;
  static final int HELLO = 33;
  static final int HELLO_BELL = 34;
  static final int READY = 35;
  static final int RESULT = 49;

  static final int RING_BYTES = 256 * 1024;
  static final int HEARTBEAT = 128;
  static final int RUNNING = 256;
  static final int TASKS = 512;
  static final int RESULTS = 1024;
  static final int TAIL = 0;
  static final int HEAD = 128;
  static final int ASLEEP = 256;
  static final int WANTS_ROOM = 384;
  static final int TASK_BYTES = 4096;
  static final int RESULT_BYTES = TASK_BYTES + RING_BYTES;
  static final int TOTAL_BYTES = RESULT_BYTES + RING_BYTES + 4096;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long POLL_NANOS = 200_000;

  final Path socketPath;
  final long launch;
  final String token;
  final FileChannel file;
  final MappedByteBuffer memory;
  final SocketChannel socket;
  final SocketChannel bell;

  /** The bytes that were read of the task ring and not yet made frames of. */
  private final ByteBuffer tasks = ByteBuffer.allocate(4 * RING_BYTES);

  private final ByteBuffer control = ByteBuffer.allocate(1024 * 1024);

  /** Reads the pool's first words and connects. */
  Wire(BufferedReader words) throws IOException {
    socketPath = Path.of(words.readLine());
    words.readLine(); // what to remove if the pool ends before it says more
    Path memoryFile = Path.of(words.readLine());
    words.readLine(); // how long to spin
    launch = Long.parseLong(words.readLine());
    token = words.readLine();
    file = FileChannel.open(memoryFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
    memory = file.map(FileChannel.MapMode.READ_WRITE, 0, TOTAL_BYTES);
    socket = connect();
    bell = connect();
  }

  SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socketPath));
    return channel;
  }

  byte[] hello(String proof) {
    byte[] text = proof.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(12 + text.length)
        .putInt(PROTOCOL_VERSION)
        .putLong(launch)
        .put(text)
        .array();
  }

  /** Says hello on both connections, and waits for the configuration. */
  void introduce() throws IOException {
    send(socket, frame(HELLO, hello(token)));
    send(bell, frame(HELLO_BELL, hello(token)));
    socket.configureBlocking(true);
    while (control() == null) {
      // nothing else comes first
    }
    socket.configureBlocking(false);
  }

  static byte[] frame(int type, byte[] payload) {
    return frame(type, payload.length, payload);
  }

  /** A frame whose header says what it likes of its length. */
  static byte[] frame(int type, long length, byte[] payload) {
    return ByteBuffer.allocate(8 + payload.length)
        .putLong((long) type << 56 | length & ((1L << 56) - 1))
        .put(payload)
        .array();
  }

  static byte[] result(byte[] value, long chunk, int offset, int kind, long nanos) {
    return ByteBuffer.allocate(value.length + 21)
        .put(value)
        .putLong(chunk)
        .putInt(offset)
        .put((byte) kind)
        .putLong(nanos)
        .array();
  }

  void send(int type, byte[] payload) throws IOException {
    send(socket, frame(type, payload));
  }

  /** Writes all, also if the pool takes its time. */
  static void send(SocketChannel to, byte[] bytes) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      if (to.write(from) == 0) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Reads one frame of the socket, whole with its header; null if there is none now. */
  byte @Nullable [] control() throws IOException {
    if (!isWhole(control)) {
      if (socket.read(control) < 0) {
        throw new IOException("the pool is gone, or has given this worker up");
      }
    }
    return isWhole(control) ? take(control) : null;
  }

  /** Reads one frame of the task ring, whole with its header; null if there is none now. */
  byte @Nullable [] task() throws IOException {
    if (!isWhole(tasks)) {
      long head = word(TASKS + HEAD);
      int count = (int) Math.min(word(TASKS + TAIL) - head, tasks.remaining());
      for (int i = 0; i < count; i++) {
        tasks.put(memory.get(TASK_BYTES + (int) ((head + i) & (RING_BYTES - 1))));
      }
      word(TASKS + HEAD, head + count);
      if (word(TASKS + WANTS_ROOM) != 0) {
        word(TASKS + WANTS_ROOM, 0);
        ring();
      }
    }
    return isWhole(tasks) ? take(tasks) : null;
  }

  private static boolean isWhole(ByteBuffer in) {
    return in.position() >= 8 && in.position() - 8 >= (in.getLong(0) & ((1L << 56) - 1));
  }

  private static byte[] take(ByteBuffer in) {
    byte[] frame = new byte[8 + (int) (in.getLong(0) & ((1L << 56) - 1))];
    in.flip().get(frame).compact();
    return frame;
  }

  /** Puts bytes into the result ring, as far as the pool makes room. */
  void put(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      long tail = word(RESULTS + TAIL);
      int room = (int) (RING_BYTES - (tail - word(RESULTS + HEAD)));
      int count = Math.min(room, bytes.length - at);
      for (int i = 0; i < count; i++) {
        memory.put(RESULT_BYTES + (int) ((tail + i) & (RING_BYTES - 1)), bytes[at + i]);
      }
      at += count;
      word(RESULTS + TAIL, tail + count);
      VarHandle.fullFence();
      ring();
      if (count == 0) {
        if (socket.read(control) < 0) {
          throw new IOException("the pool is gone, or has given this worker up");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Wakes the pool, whether it sleeps or not. */
  void ring() throws IOException {
    word(RESULTS + ASLEEP, 0);
    bell.write(ByteBuffer.allocate(1));
  }

  long word(int at) {
    return (long) LONG.getAcquire(memory, at);
  }

  void word(int at, long value) {
    LONG.setRelease(memory, at, value);
  }

  /** Shows a sign of life. */
  void beat() {
    word(HEARTBEAT, word(HEARTBEAT) + 1);
  }
}
