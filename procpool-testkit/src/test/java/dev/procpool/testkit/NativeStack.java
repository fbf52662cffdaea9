package dev.procpool.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Native code that overflows its stack, compiled where there is a C compiler. */
final class NativeStack {

  private static final String SOURCE =
      """
      static int deeper(int depth) {
        volatile char frame[65536];
        frame[depth & 65535] = 1;
        return deeper(depth + 1) + frame[(depth * 7) & 65535];
      }
      int Java_dev_procpool_testkit_NativeStack_overflow(void *env, void *type, int depth) {
        return deeper(depth);
      }
      """;

  private NativeStack() {}

  /** Compiles the library; empty where there is no {@code cc}. */
  static Optional<Path> compile(Path directory) throws IOException, InterruptedException {
    Path source = Files.writeString(directory.resolve("overflow.c"), SOURCE);
    Path library = directory.resolve("liboverflow.so");
    try {
      Process cc =
          new ProcessBuilder("cc", "-O0", "-w", "-shared", "-fPIC", "-o", "" + library, "" + source)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean compiled = cc.waitFor(30, TimeUnit.SECONDS) && cc.exitValue() == 0;
      return compiled ? Optional.of(library) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not installed
    }
  }

  /** Never returns. The library must have been loaded. */
  static native int overflow(int depth);
}
