package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A terminal of a test's own, by tmux: what is typed into it goes to a program, what that shows can
 * be read. Used by one thread.
 */
final class Screen implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;

  private final Path folder;
  private final Path socket;

  private Screen(Path folder) {
    this.folder = folder;
    this.socket = folder.resolve("s");
  }

  /**
   * Starts a program in a terminal.
   *
   * @param folder is its working directory
   * @param columns how wide the terminal is
   * @param command for a shell; what it shows stays when it has ended
   */
  static Screen open(Path folder, int columns, String command) throws Exception {
    Tool.need("tmux");
    Screen screen = new Screen(Files.createTempDirectory("t")); // a socket's path is short
    screen.tmux(
        "-f",
        "/dev/null",
        "start-server",
        ";",
        "set",
        "-g",
        "remain-on-exit",
        "on",
        ";",
        "set",
        "-g",
        "default-terminal",
        "screen-256color",
        ";",
        "new-session",
        "-d",
        "-x",
        Integer.toString(columns),
        "-y",
        "24",
        "-c",
        folder.toString(),
        "env",
        "-u",
        "NO_COLOR",
        "-u",
        "JAVA_TOOL_OPTIONS",
        "LC_ALL=C.UTF-8",
        "XDG_CACHE_HOME=" + folder.resolve("cache"),
        "/bin/sh",
        "-c",
        // tmux itself forgets one exit code in three; Ctrl-C is for the program, not for this shell
        "trap : INT QUIT; " + command + "; echo $? > " + screen.code());
    return screen;
  }

  /** Types keys, by the names that tmux has for them. */
  void press(String... keys) throws Exception {
    List<String> command = new ArrayList<>(List.of("send-keys"));
    command.addAll(List.of(keys));
    tmux(command.toArray(String[]::new));
  }

  /** Types a text as it stands. */
  void type(String text) throws Exception {
    tmux("send-keys", "-l", text);
  }

  void resize(int columns, int rows) throws Exception {
    tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
  }

  /** Gives what is on the screen. */
  String text() throws Exception {
    return tmux("capture-pane", "-p");
  }

  /** Gives what is on the screen and what has scrolled out of it, lines that wrapped joined. */
  String history() throws Exception {
    return tmux("capture-pane", "-p", "-J", "-S", "-");
  }

  /** Gives what is on the screen with its colours. */
  String colours() throws Exception {
    return tmux("capture-pane", "-p", "-e");
  }

  /** Waits until the screen shows something. */
  String await(Predicate<String> shown) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    String text = text();
    while (!shown.test(text)) {
      assertThat(System.nanoTime() - end).as("in time; the screen shows\n%s", text).isNegative();
      Thread.sleep(20); // a terminal tells nobody that it has changed
      text = text();
    }
    return text;
  }

  /** Waits until the program has ended; gives its exit code. */
  int awaitEnd() throws Exception {
    await(text -> told().endsWith("\n"));
    return Integer.parseInt(told().strip());
  }

  private String status(String format) {
    try {
      return tmux("display-message", "-p", format).strip();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the program's exit code is, once it has ended. */
  private Path code() {
    return socket.resolveSibling("code");
  }

  private String told() {
    try {
      return Files.exists(code()) ? Files.readString(code()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String tmux(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
    command.addAll(List.of(arguments));
    return Started.run(folder, command.toArray(String[]::new)).well();
  }

  /** Ends the program and the terminal. */
  @Override
  public void close() throws IOException {
    try {
      long server = Long.parseLong(status("#{pid}"));
      tmux("kill-server");
      ProcessHandle.of(server)
          .ifPresent(handle -> handle.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
      Files.deleteIfExists(socket);
      Files.deleteIfExists(code());
      Files.delete(folder);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }
}
