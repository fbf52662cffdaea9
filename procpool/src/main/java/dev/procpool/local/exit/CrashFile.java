package dev.procpool.local.exit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the file says that a JVM writes when it crashes.
 *
 * @param path where it is; null if it could not be kept
 * @param signal the signal that it names; empty if it names none
 * @param summary what it says first, as far as the frame that crashed
 */
public record CrashFile(@Nullable Path path, Optional<String> signal, List<String> summary) {

  private static final int FIRST_LINES = 12;
  private static final String FRAME = "# Problematic frame:";

  /**
   * Reads it.
   *
   * @param beginning of its text
   */
  public static CrashFile of(@Nullable Path path, String beginning) {
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
    return new CrashFile(path, signal, lines.subList(0, end));
  }
}
