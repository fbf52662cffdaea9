package dev.procpool.spark.executor;

import dev.procpool.folder.FolderRemoval;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The shared values that an executor's workers read, each in a file. The folder is in one that
 * Spark removes when the executor is gone. Thread-safe; the monitor is held while a value is
 * fetched, once for all workers.
 */
final class SharedFiles {

  private final Driver driver;
  private final Path folder;

  /** Which folder that is: another one in its place is not ours. */
  private final @Nullable Object key;

  /** Those that are there; guarded by the monitor. */
  private final Set<String> known = new HashSet<>();

  /**
   * Makes a folder for them.
   *
   * @param place where, one that is there as long as the executor
   */
  SharedFiles(Driver driver, Path place) throws IOException {
    this.driver = driver;
    this.folder = Files.createTempDirectory(place, "procpool-shared-"); // for its owner alone
    this.key = FolderRemoval.key(folder);
  }

  /** Where they are. */
  Path folder() {
    return folder;
  }

  /** Has values there before an item that uses them begins. */
  void need(Iterable<String> keys) throws IOException, InterruptedException {
    for (String key : keys) {
      need(key);
    }
  }

  private synchronized void need(String key) throws IOException, InterruptedException {
    if (known.contains(key)) {
      return;
    }
    byte[] broadcast = driver.ask(Wire.message(ToDriver.SHARED, out -> out.writeUTF(key)));
    if (broadcast.length == 0) {
      return; // its call has ended: so does the item, which says that the value was closed
    }
    Path file = folder.resolve(key);
    Path part = folder.resolve(key + ".part");
    Files.write(part, value(broadcast));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    known.add(key);
  }

  @SuppressWarnings("unchecked") // it is what the driver has made
  private static byte[] value(byte[] broadcast) throws IOException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(broadcast))) {
      return ((Broadcast<byte[]>) in.readObject()).value();
    } catch (ClassNotFoundException | RuntimeException e) {
      throw new IOException("a shared value can't be fetched", e);
    }
  }

  /** Nobody needs a value any more: tells whether it was there. */
  synchronized boolean drop(String key) throws IOException {
    return known.remove(key) && Files.deleteIfExists(folder.resolve(key));
  }

  /** Removes all that is there still: Spark may be removing it, too. */
  synchronized void close() {
    FolderRemoval.remove(folder, key);
  }
}
