package dev.procpool.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The file that a JVM writes when it crashes. It is left to the user, in the temporary directory.
 *
 * @param path where it is
 * @param signal the signal that it names; empty if it names none
 * @param summary what it says first, as far as the frame that crashed
 */
record CrashFile(Path path, Optional<String> signal, List<String> summary) {

  private static final int FIRST_LINES = 12;
  private static final int MOST_BYTES = 64 * 1024;
  private static final String FRAME = "# Problematic frame:";
  private static final String OPTION = "-XX:ErrorFile=";

  /** The option that tells a JVM where to put the file. */
  static String option(String pattern) {
    return OPTION + pattern;
  }

  /**
   * The file's name for the JVM, which puts the process identifier for {@code %p}.
   *
   * @param options the JVM's options; the last that names a file counts
   */
  static String pattern(List<String> options) {
    Path pattern = Path.of(System.getProperty("java.io.tmpdir"), "hs_err_pid%p.log");
    for (String option : options) {
      if (option.startsWith(OPTION)) {
        pattern = Path.of(option.substring(OPTION.length()));
      }
    }
    return pattern.toAbsolutePath().toString();
  }

  /** Looks for the file of a process that has ended. */
  static Optional<CrashFile> of(String pattern, long pid) {
    Path file = Path.of(pattern.replace("%p", Long.toString(pid)));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty(); // a link would have us read, and tell, what somebody chooses
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String beginning = new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
      List<String> lines =
          beginning
              .lines()
              .map(String::strip)
              .filter(line -> line.length() > 1)
              .limit(FIRST_LINES)
              .collect(Collectors.toList());
      Pattern signals = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x");
      Optional<String> signal =
          lines.stream()
              .map(signals::matcher)
              .filter(Matcher::find)
              .map(found -> found.group(1))
              .findFirst();
      int frame = lines.indexOf(FRAME);
      int end = frame < 0 ? lines.size() : Math.min(frame + 2, lines.size());
      return Optional.of(new CrashFile(file, signal, lines.subList(0, end)));
    } catch (IOException e) {
      return Optional.of(new CrashFile(file, Optional.empty(), List.of()));
    }
  }
}
