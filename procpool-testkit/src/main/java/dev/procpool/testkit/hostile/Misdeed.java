package dev.procpool.testkit.hostile;

import static dev.procpool.testkit.hostile.Forgery.bytes;
import static dev.procpool.testkit.hostile.Forgery.classDescription;
import static dev.procpool.testkit.hostile.Forgery.fetch;
import static dev.procpool.testkit.hostile.Forgery.result;
import static dev.procpool.testkit.hostile.Forgery.serialized;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** What a hostile worker does, once, in place of reporting an item or beside it. */
enum Misdeed {
  /** Says that the item was cancelled. */
  CANCELLED_BY_NOBODY {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(result(new byte[0], item, CANCELLED, 1));
    }
  },
  /** Reports nothing, as if the item had never come. */
  WITHHELD {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) {
      // nothing
    }
  },
  /** Says that the item was over its time limit. */
  TIMED_OUT_WITHOUT_LIMIT {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(result(new byte[] {0, 0, 0}, item, TIMED_OUT, 1));
    }
  },
  /** Asks to be killed, as if the item was over its time limit. */
  STUCK_WITHOUT_LIMIT {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.send(37, new byte[] {0, 0, 0});
    }
  },
  NEGATIVE_TIME {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(result(item.bytes(), item, VALUE, -1 - random.nextLong(Long.MAX_VALUE)));
    }
  },
  /** Says that the item ran for years. */
  ENDLESS_TIME {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(result(item.bytes(), item, VALUE, Long.MAX_VALUE - random.nextInt()));
    }
  },
  /** Cuts off the file of the shared memory, at whatever place. */
  MEMORY_CUT_OFF {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      int size = random.nextInt(4) == 0 ? 0 : random.nextInt(Wire.TOTAL_BYTES - 4096);
      wire.ring(); // so that the pool is awake and at it
      wire.file.truncate(size);
      await(wire);
    }
  },
  /** Cuts it off and makes it longer again. */
  MEMORY_CUT_AND_GROWN {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.file.truncate(random.nextInt(2) * 4096L);
      wire.file.write(ByteBuffer.allocate(1), Wire.TOTAL_BYTES - 1L);
      await(wire);
    }
  },
  REPORTED_TWICE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(result(item.bytes(), item, VALUE, 1));
      wire.put(result(item.bytes(), item, VALUE, 1));
    }
  },
  ITEM_OF_ANOTHER {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      long chunk = item.chunk() + random.nextInt(-3, 100);
      int offset = random.nextInt(5) == 0 ? random.nextInt() : item.offset() + 1;
      wire.put(result(item.bytes(), new Item(chunk, offset, new byte[0]), VALUE, 1));
    }
  },
  /** Publishes for an item that it does not run. */
  PART_OF_ANOTHER {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      Item other = new Item(item.chunk(), item.offset() + 1, item.bytes());
      wire.put(result(other.bytes(), other, PART, 0));
    }
  },
  /** Publishes and gets on without end, so as to be given more time. */
  PARTS_WITHOUT_END {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      long end = System.nanoTime() + 5_000_000_000L;
      for (long words = 1; System.nanoTime() - end < 0; words++) {
        wire.word(PROGRESS_WORD, words);
        wire.put(result(item.bytes(), item, PART, 0));
        wire.ring();
        LockSupport.parkNanos(5_000_000);
      }
    }
  },
  PROGRESS_OF_NONSENSE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      byte[] nonsense =
          switch (random.nextInt(3)) {
            case 0 -> bytes(random, 7);
            case 1 -> ByteBuffer.allocate(9).putDouble(Double.NaN).array();
            default -> new byte[5000];
          };
      wire.put(result(nonsense, item, PROGRESS, 0));
    }
  },
  /** Leaves notes that are none, while the pool looks at them. */
  NOTES_OF_NONSENSE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      long end = System.nanoTime() + 1_000_000_000L;
      while (System.nanoTime() - end < 0) {
        byte[] nonsense = new byte[4096 - PROGRESS_WORD];
        random.nextBytes(nonsense);
        wire.file.write(ByteBuffer.wrap(nonsense), PROGRESS_WORD);
      }
      wire.put(result(item.bytes(), item, VALUE, 1));
    }
  },
  UNKNOWN_KIND {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(result(item.bytes(), item, random.nextInt(8, 256), 1));
    }
  },
  RESULT_TOO_SHORT {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(Wire.frame(Wire.RESULT, new byte[random.nextInt(21)]));
    }
  },
  VALUE_OF_NO_ITEM {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      for (int i = 0; i < 5000; i++) { // more than a worker holds
        wire.put(Wire.frame(50, new byte[] {6, 2, 0, 0, 0, 1}));
      }
    }
  },
  LENGTH_BEYOND_LIMIT {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      long length = random.nextLong(1L << 56);
      wire.put(Wire.frame(Wire.RESULT, Math.max(length, 1L << 24), new byte[64]));
    }
  },
  /** Announces a frame and never sends the rest. */
  HALF_A_FRAME {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(Wire.frame(Wire.RESULT, 100_000, new byte[random.nextInt(1000)]));
      Runtime.getRuntime().halt(3);
    }
  },
  /** Sends part of a value by itself, as the pool may and a worker may not. */
  BODY {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.put(Wire.frame(13, bytes(random, random.nextInt(100_000))));
      byte[] value = ByteBuffer.allocate(5).put((byte) 30).putInt(0x80808001).array();
      wire.put(result(value, item, VALUE, 1));
    }
  },
  RANDOM_FRAMES_IN_RING {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      for (int i = 0; i < 100; i++) {
        wire.put(Wire.frame(random.nextInt(256), bytes(random, random.nextInt(200))));
      }
    }
  },
  RANDOM_FRAMES_ON_SOCKET {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      for (int i = 0; i < 100; i++) {
        int type = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(33, 52);
        wire.send(type, bytes(random, random.nextInt(200)));
      }
    }
  },
  NOISE_ON_SOCKET {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      Wire.send(wire.socket, bytes(random, 100_000));
    }
  },
  /** Says that more, or less, was written and read than can be. */
  WILD_COUNTERS {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      int word = (random.nextBoolean() ? Wire.TASKS : Wire.RESULTS) + random.nextInt(4) * 128;
      wire.word(word, random.nextLong());
      wire.ring();
      await(wire);
    }
  },
  /** Names a wild item as the one that runs, then dies. */
  WILD_RUN_PAGE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.word(Wire.RUNNING, random.nextLong());
      Runtime.getRuntime().halt(4);
    }
  },
  /** Changes every word and byte that it shares. */
  NOISE_IN_MEMORY {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      for (int i = 0; i < 10_000; i++) {
        boolean inWords = random.nextBoolean();
        wire.memory.put(random.nextInt(inWords ? 4096 : Wire.TOTAL_BYTES), (byte) random.nextInt());
      }
      wire.ring();
      await(wire);
    }
  },
  /** Flips bits of the result's value: the pool can't know, but must bear it. */
  FLIPPED_VALUE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      byte[] value = item.bytes().clone();
      value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
      wire.put(result(value, item, VALUE, 1));
    }
  },
  RANDOM_VALUE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      byte[] value = bytes(random, random.nextInt(1, 100));
      value[0] = (byte) random.nextInt(32);
      wire.put(result(value, item, random.nextInt(3), 1));
    }
  },
  /** A graph that is deeper than any stack. */
  DEEP_VALUE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      int depth = random.nextInt(2000, 100_000);
      ByteBuffer stream = ByteBuffer.allocate(depth * 10 + 100).putInt(0xaced0005);
      byte[] description = classDescription();
      stream.put(description); // an array of Object with one element: an array …
      for (int i = 1; i < depth; i++) {
        stream.put((byte) 0x75).put((byte) 0x71).putInt(0x7e0000).putInt(1);
      }
      byte[] graph = new byte[stream.position()];
      stream.flip().get(graph);
      wire.put(result(serialized(graph), item, VALUE, 1));
    }
  },
  /** Arrays that say to be large, one within the other. */
  HUGE_ARRAYS {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      ByteBuffer stream = ByteBuffer.allocate(20_000).putInt(0xaced0005);
      byte[] description = classDescription();
      stream.put(description, 0, description.length - 4).putInt(random.nextInt(100_000));
      for (int i = 1; i < 900; i++) {
        int length = random.nextInt(2) == 0 ? 200_000 : random.nextInt(Integer.MAX_VALUE);
        stream.put((byte) 0x75).put((byte) 0x71).putInt(0x7e0000).putInt(length);
      }
      byte[] graph = new byte[stream.position()];
      stream.flip().get(graph);
      wire.put(result(serialized(graph), item, VALUE, 1));
    }
  },
  /** A real object of a real class that nobody asked for. */
  FOREIGN_OBJECT {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      Set<Object> set = new HashSet<>();
      set.add(new ArrayList<>(List.of("x", random.nextInt())));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(set);
      }
      wire.put(result(serialized(bytes.toByteArray()), item, random.nextInt(2), 1));
    }
  },
  RECALL_ANSWERED_UNASKED {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      long chunk = item.chunk() - random.nextInt(0, 3);
      wire.send(38, ByteBuffer.allocate(12).putLong(chunk).putInt(random.nextInt()).array());
    }
  },
  COLLECTED_UNASKED {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.send(39, bytes(random, 8));
    }
  },
  THREADS_UNASKED {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.send(43, bytes(random, 1000));
    }
  },
  LOGS_UNASKED {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.send(41, new byte[100]);
    }
  },
  LEVELS_UNASKED {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.send(42, random.nextBoolean() ? new byte[20] : bytes(random, 1000));
    }
  },
  READY_TWICE {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.send(Wire.READY, new byte[0]);
    }
  },
  CLASS_OUTSIDE_OF_ITS_LOADER {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      for (String path : List.of("../../../etc/passwd", "/etc/passwd", "x.class", "", "a")) {
        wire.send(40, fetch(random.nextInt(3), random.nextInt(2), path));
      }
    }
  },
  FETCH_FLOOD {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      byte[] frame = Wire.frame(40, fetch(0, 1, "nothing/" + random.nextInt()));
      for (int i = 0; i < 50_000; i++) {
        Wire.send(wire.socket, frame);
      }
    }
  },
  BELL_FLOOD {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      byte[] noise = new byte[64 * 1024];
      long end = System.nanoTime() + 20_000_000;
      while (System.nanoTime() - end < 0) {
        wire.bell.write(ByteBuffer.wrap(noise));
      }
      wire.put(result(item.bytes(), item, VALUE, 1));
    }
  },
  /** Opens one connection after the other and says nothing, or something wrong. */
  STRANGERS {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      for (int i = 0; i < 300; i++) {
        SocketChannel stranger = wire.connect();
        stranger.configureBlocking(false);
        STRANGERS_KEPT.add(stranger);
        byte[] words =
            switch (random.nextInt(4)) {
              case 0 -> new byte[0];
              case 1 -> Wire.frame(Wire.HELLO, 1L << 30, new byte[2000]);
              case 2 -> Wire.frame(Wire.HELLO, wire.hello("a guess"));
              default -> bytes(random, 100);
            };
        try {
          stranger.write(ByteBuffer.wrap(words));
        } catch (IOException e) {
          // the pool has closed it
        }
      }
      wire.put(result(item.bytes(), item, VALUE, 1));
    }
  },
  /** Gives all back, begins nothing and asks for another in its place. */
  REPLACED_FOR_NOTHING {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      wire.word(Wire.RUNNING, 0);
      wire.send(44, new byte[0]);
      while (true) {
        byte[] frame = wire.control();
        if (frame == null) {
          LockSupport.parkNanos(1_000_000);
        } else if (frame[0] == 2) {
          long chunk = ByteBuffer.wrap(frame).getLong(8);
          int from = chunk == item.chunk() ? item.offset() : 0;
          wire.send(38, ByteBuffer.allocate(12).putLong(chunk).putInt(from).array());
        } else if (frame[0] == 4) {
          Runtime.getRuntime().halt(0);
        }
      }
    }
  },
  /** Prints without end of line, and marks that it makes up. */
  OUTPUT_FLOOD {
    @Override
    void commit(Wire wire, Item item, SplittableRandom random) throws IOException {
      byte[] noise = bytes(random, 64 * 1024);
      for (int i = 0; i < 16; i++) {
        System.out.write(noise, 0, noise.length);
        System.err.write(noise, 0, noise.length);
      }
      wire.put(result(item.bytes(), item, VALUE, 1));
    }
  };

  /** Open, whatever the collector does. */
  private static final List<SocketChannel> STRANGERS_KEPT = new ArrayList<>();

  private static final int VALUE = 0;
  private static final int TIMED_OUT = 3;
  private static final int CANCELLED = 4;
  private static final int PART = 6;
  private static final int PROGRESS = 7;

  /** Where a worker says that its item gets on; notes follow. */
  private static final int PROGRESS_WORD = 1536;

  /** Does it. The pool may kill this process meanwhile. */
  abstract void commit(Wire wire, Item item, SplittableRandom random) throws IOException;

  /** Gives the pool time to find out. */
  private static void await(Wire wire) throws IOException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (System.nanoTime() - end < 0) {
      wire.bell.write(ByteBuffer.allocate(1));
      LockSupport.parkNanos(10_000_000);
      while (wire.control() != null) {
        // until the pool closes the connection
      }
    }
  }
}
