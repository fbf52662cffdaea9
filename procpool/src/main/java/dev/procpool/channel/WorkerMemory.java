package dev.procpool.channel;

import dev.procpool.guard.Uninterrupted;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the pool shares with one worker: the {@link RunPage} and a ring each way. It is a
 * mapped file whose name goes once both have it, and it outlives the worker.
 */
public final class WorkerMemory {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Larger than what a JVM allocates without entering its runtime. */
  private static final int SLOW_ARRAY_BYTES = (1 << 20) + 8;

  /** Seen by all, so that no compiler does without the array. */
  @SuppressWarnings("UnusedVariable") // written only, and that is the point
  private static volatile byte @Nullable [] slowArray;

  private static final String RIGHTS = "rw-------";

  /** The first Java that unmaps what is mapped when it is told to. */
  private static final int ARENAS = 22;

  /** Whether something was unmapped before. */
  private static volatile boolean canUnmap;

  private final ByteBuffer memory;
  private final byte[] seal = new byte[MemoryLayout.SEAL_BYTES];
  private final RunPage page;
  private final Ring tasks;
  private final Ring results;

  private WorkerMemory(MappedByteBuffer memory) {
    this.memory = memory;
    this.page = new RunPage(memory);
    this.tasks =
        new Ring(memory, MemoryLayout.TASKS, MemoryLayout.TASK_BYTES_AT, MemoryLayout.RING_BYTES);
    this.results =
        new Ring(
            memory, MemoryLayout.RESULTS, MemoryLayout.RESULT_BYTES_AT, MemoryLayout.RING_BYTES);
  }

  /**
   * Makes the file and maps it. The file is filled before it is mapped, so that a full file system
   * gives an exception here and no SIGBUS later; then nothing is left of it.
   *
   * @param file the file to make; must not exist
   * @return the memory
   * @throws IOException if there is no room or no right
   */
  public static WorkerMemory create(Path file) throws IOException {
    return Uninterrupted.call(() -> createNow(file));
  }

  private static WorkerMemory createNow(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(RIGHTS))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly)) {
      try {
        ByteBuffer zeros = ByteBuffer.allocateDirect(64 * 1024);
        for (int left = MemoryLayout.TOTAL_BYTES; left > 0; ) {
          zeros.clear().limit(Math.min(left, zeros.capacity()));
          left -= channel.write(zeros);
        }
        WorkerMemory made = map(channel);
        made.memory.putLong(MemoryLayout.MAGIC, MemoryLayout.MAGIC_V4);
        made.memory.putLong(MemoryLayout.SEAL_AT, MemoryLayout.SEAL);
        made.memory.putLong(MemoryLayout.SEAL_AT + Long.BYTES, MemoryLayout.SEAL);
        if (!canUnmap && !hasArenas()) {
          unmapByTransfer(channel);
        }
        return made;
      } catch (Throwable e) { // no room, or no memory
        Files.deleteIfExists(file);
        throw e;
      }
    }
  }

  /** Maps what it reads, and unmaps it; what it writes is what is there. */
  private static void unmapByTransfer(FileChannel channel) {
    try {
      channel.transferFrom(channel.position(0), 0, Long.BYTES);
      canUnmap = true;
    } catch (IOException e) {
      // the memory is made all the same
    }
  }

  private static boolean hasArenas() {
    return Runtime.version().feature() >= ARENAS;
  }

  /**
   * Whether the JVM has unmapped something. The first time it looks for the native method, which
   * takes heap; where the collector is the first, in a heap that is full, the JDK ends the program.
   */
  public static boolean canUnmap() {
    return canUnmap;
  }

  /**
   * Has the JVM unmap something. Takes some ten milliseconds, and Java 22 or later; with earlier
   * ones {@link #create} has done it.
   *
   * @param file any file that has a few bytes
   */
  public static void prepareUnmapping(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      Class<?> type = Class.forName("java.lang.foreign.Arena");
      try (AutoCloseable arena = (AutoCloseable) type.getMethod("ofConfined").invoke(null)) {
        FileChannel.class
            .getMethod("map", FileChannel.MapMode.class, long.class, long.class, type)
            .invoke(channel, FileChannel.MapMode.READ_ONLY, 0L, 1L, arena);
      }
      canUnmap = true;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // whatever a later Java has instead
      throw new IOException(e);
    }
  }

  /**
   * Tells whether a file has the rights of one that {@link #create} has made, and no more bytes.
   *
   * @param file what is known of it
   * @return whether it may be one
   */
  public static boolean isLikeOne(PosixFileAttributes file) {
    return file.size() <= MemoryLayout.TOTAL_BYTES
        && PosixFilePermissions.toString(file.permissions()).equals(RIGHTS);
  }

  /**
   * Maps what the parent made.
   *
   * @param file the file
   * @return the memory
   * @throws IOException if it is not there or not of this version
   */
  public static WorkerMemory open(Path file) throws IOException {
    return Uninterrupted.call(() -> openNow(file));
  }

  private static WorkerMemory openNow(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() != MemoryLayout.TOTAL_BYTES) {
        throw new IOException(
            file + " has " + channel.size() + " bytes, not " + MemoryLayout.TOTAL_BYTES);
      }
      WorkerMemory opened = map(channel);
      if (opened.memory.getLong(MemoryLayout.MAGIC) != MemoryLayout.MAGIC_V4) {
        throw new IOException(file + " is not shared memory of this version");
      }
      return opened;
    }
  }

  private static WorkerMemory map(FileChannel channel) throws IOException {
    return new WorkerMemory(
        channel.map(FileChannel.MapMode.READ_WRITE, 0, MemoryLayout.TOTAL_BYTES));
  }

  /**
   * Tells whether the file is still whole. A worker that cuts it off has each access beyond its end
   * fail: the JVM makes an {@link InternalError} of that, but from compiled code it may throw it
   * long after the access, in whatever code comes next, which may be in the midst of something. So
   * this is asked after accesses and before anything is made of them. If the answer is no, no error
   * of them is left to come.
   *
   * <p>One thread at a time.
   *
   * @return false if it was cut off, at whatever place, also if it was made longer again
   */
  public boolean isWhole() {
    try {
      if (isSealed()) {
        return true;
      }
      settle();
    } catch (InternalError e) { // thrown on the way from one to the other
    }
    return false;
  }

  /**
   * The seal is copied to zeroed bytes, in one piece: a copy that fails leaves them as they are,
   * where a failed load may leave anything in its register.
   */
  private boolean isSealed() {
    LONG.set(seal, 0, 0L);
    LONG.set(seal, Long.BYTES, 0L);
    memory.get(MemoryLayout.SEAL_AT, seal, 0, MemoryLayout.SEAL_BYTES);
    return (long) LONG.get(seal, 0) == MemoryLayout.SEAL
        && (long) LONG.get(seal, Long.BYTES) == MemoryLayout.SEAL;
  }

  /** Has the JVM throw now what it has put off: a call of its runtime does, on the way back. */
  private static void settle() {
    slowArray = new byte[SLOW_ARRAY_BYTES];
    slowArray = null;
  }

  /**
   * Gives the page that says what runs.
   *
   * @return the page
   */
  public RunPage page() {
    return page;
  }

  /** The ring to the worker. */
  Ring tasks() {
    return tasks;
  }

  /** The ring from the worker. */
  Ring results() {
    return results;
  }
}
