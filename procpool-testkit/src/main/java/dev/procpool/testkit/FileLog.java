package dev.procpool.testkit;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A list of lines that several processes append to: what tasks leave behind for the test to see.
 *
 * <p>Thread-safe and process-safe: a line is one write to a file opened for appending.
 *
 * @param path the path of the file
 */
public record FileLog(String path) implements Serializable {

  /**
   * Makes a log in a file.
   *
   * @param file the file; need not exist
   */
  public FileLog(Path file) {
    this(file.toString());
  }

  /**
   * Appends a line.
   *
   * @param line the line, as {@code String.valueOf} has it
   */
  public void add(Object line) {
    try {
      Files.write(
          Path.of(path),
          (line + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives the lines so far.
   *
   * @return the lines, in the order in which they were added
   */
  public List<String> lines() {
    try {
      return Files.readAllLines(Path.of(path));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Tells how many lines there are.
   *
   * @return the number
   */
  public int size() {
    return lines().size();
  }
}
