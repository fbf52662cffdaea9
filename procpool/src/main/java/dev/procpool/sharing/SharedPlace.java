package dev.procpool.sharing;

import dev.procpool.guard.SafeLog;
import dev.procpool.spi.SharedStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of shared values are: at their key, or, where another machine has given that, by
 * this name in a folder that this worker was told. Thread-safe.
 */
public final class SharedPlace {

  /** The system property that tells a worker the folder. */
  public static final String FOLDER = "procpool.shared";

  /** Each key is the path of its file. */
  static final SharedStore FILES =
      new SharedStore() {
        /** No channel, which an interrupt of the caller's thread would close. */
        @Override
        public OutputStream open(String key) throws IOException {
          return new FileOutputStream(key);
        }

        @Override
        public void drop(String key) {
          try {
            Files.deleteIfExists(Path.of(key));
          } catch (IOException e) {
            SafeLog.log(
                System.Logger.Level.DEBUG, "a shared value's file goes with its directory", e);
          }
        }
      };

  private SharedPlace() {}

  /** The file of a value, as a worker finds it. */
  static Path of(String key) {
    Path path = Path.of(key);
    String folder = System.getProperty(FOLDER);
    return path.isAbsolute() || folder == null ? path : Path.of(folder).resolve(path);
  }
}
