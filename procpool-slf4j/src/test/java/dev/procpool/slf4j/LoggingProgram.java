package dev.procpool.slf4j;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two workers log a thousand lines, and their parent as many meanwhile. */
public final class LoggingProgram {

  static final int LINES = 1000;

  private static final Logger LOGGER = LoggerFactory.getLogger(LoggingProgram.class);

  private LoggingProgram() {}

  /**
   * Runs it.
   *
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      MapResult<String> workers =
          pool.mapAsync(LoggingProgram::log, IntStream.range(0, LINES).boxed().toList());
      for (int i = 0; i < LINES; i++) {
        LOGGER.info("parent line {}", i);
      }
      List<String> open = workers.get().stream().filter(file -> !file.isEmpty()).toList();
      System.out.println("opened by workers: " + open.stream().distinct().toList());
    }
    System.out.println("opened by the parent: " + openLog());
  }

  private static String log(int item) throws IOException {
    LOGGER.info("worker line {}", item);
    LOGGER.debug("not to be seen");
    return openLog();
  }

  /** A log file that this process has open. */
  private static String openLog() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : files) {
        if (Files.isSymbolicLink(file)) {
          String target = Files.readSymbolicLink(file).toString();
          if (target.contains("/logs/")) {
            return target;
          }
        }
      }
    }
    return "";
  }
}
