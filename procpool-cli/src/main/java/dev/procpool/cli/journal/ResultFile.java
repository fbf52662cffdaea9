package dev.procpool.cli.journal;

import dev.procpool.cli.input.Input;
import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The file that {@code --out} names, and its journal beside it. Refuses to harm what is there: an
 * input, or results that nobody has said may be replaced. Immutable.
 */
public final class ResultFile {

  /**
   * What may become of results that are there already.
   *
   * @param goesOn whether the run goes on with them
   * @param force whether they may be replaced; with {@code goesOn}, whether results of other code
   *     are gone on with
   */
  public record Leave(boolean goesOn, boolean force) {}

  private static final int MOST_LINKS = 40; // as the system follows

  private final Path target;
  private final Path part;
  private final Leave leave;

  private ResultFile(Path target, Leave leave) {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.leave = leave;
  }

  /** Checks the name before anything is begun. */
  public static ResultFile check(Path out, Input input, Leave leave) {
    try {
      boolean device = Files.exists(out) && !Files.isRegularFile(out);
      // a link stays; that of /dev/stdout leads nowhere by name
      Path real = device ? out : Files.exists(out) ? out.toRealPath() : linked(out);
      ResultFile file = new ResultFile(real, leave);
      if (Files.isDirectory(real)) {
        throw new UsageException("--out " + out + " is a directory: name a file in it");
      }
      Path folder = real.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new UsageException(
            "--out " + out + " can't be written: there is no folder " + folder);
      }
      file.refuseInput(input);
      if (file.isJournaled()) {
        file.requireLeave();
      } else if (leave.goesOn()) {
        throw new UsageException("--resume: " + out + " is a device or pipe, which keeps nothing");
      }
      return file;
    } catch (IOException e) {
      throw new UsageException("--out " + out + " can't be written: " + e.getMessage(), e);
    }
  }

  /** Gives the file that a link names which is not there yet, as it may be on another disk. */
  private static Path linked(Path out) throws IOException {
    Path named = out;
    for (int i = 0; Files.isSymbolicLink(named); i++) {
      if (i == MOST_LINKS) {
        throw new IOException("its links lead in a circle");
      }
      named = named.resolveSibling(Files.readSymbolicLink(named));
    }
    return named;
  }

  public Path target() {
    return target;
  }

  /** Gives the name that it has until all is done. */
  public Path part() {
    return part;
  }

  /** Gives the keys of the files that are there: an item of these would be a result's result. */
  public Set<Object> keys() throws IOException {
    Set<Object> keys = new HashSet<>();
    for (Path own : List.of(target, part, copy())) {
      if (Files.isRegularFile(own)) {
        Object key = Files.readAttributes(own, BasicFileAttributes.class).fileKey();
        Optional.ofNullable(key).ifPresent(keys::add);
      }
    }
    return keys;
  }

  private Path copy() {
    return part.resolveSibling(part.getFileName() + ".tmp");
  }

  public String howToGoOn() {
    return "results so far are in " + part + "; to go on, give the same command with --resume";
  }

  /** Tells whether it can be renamed and read again, as a device or pipe can't. */
  public boolean isJournaled() {
    return !Files.exists(target) || Files.isRegularFile(target);
  }

  private void refuseInput(Input input) throws IOException {
    if (!input.isStandardInput() && input.file() == null) {
      return; // files' items or arguments: the results have another form
    }
    Path file = input.isStandardInput() ? Path.of("/proc/self/fd/0") : Path.of(input.file());
    for (Path own : new Path[] {target, part}) {
      if (Files.isRegularFile(own) && Files.exists(file) && Files.isSameFile(own, file)) {
        throw new UsageException(
            "--out " + target + " is the input: the results would take its place");
      }
    }
  }

  private void requireLeave() throws IOException {
    if (leave.force() || leave.goesOn()) {
      return;
    }
    if (hasContent(part)) {
      throw new UsageException(
          part
              + " has results of a run that was broken off: --resume goes on with it,"
              + " --retry-failed also runs again what failed, --force begins anew");
    }
    if (hasContent(target)) {
      throw new UsageException(
          "--out "
              + target
              + " exists: --resume goes on with it, --retry-failed runs again what failed, --force"
              + " replaces it when all is done");
    }
  }

  private static boolean hasContent(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  /** Opens the journal, with the results of before if they are wanted. */
  public Journal open(JournalHeader now, Consumer<String> messages) throws IOException {
    boolean copied = leave.goesOn() && !hasContent(part) && hasContent(target);
    if (copied) {
      Files.copy(target, copy(), StandardCopyOption.REPLACE_EXISTING);
      JournalSync.rename(copy(), part);
    }
    Journal journal = Journal.open(part, leave.goesOn());
    boolean begun = false;
    try {
      requireLeave(); // another run may have ended meanwhile
      Optional<JournalHeader> before = journal.header();
      if (before.isPresent()) {
        compare(before.get(), now, messages);
      }
      journal.begin(now);
      begun = true;
      return journal;
    } finally {
      if (!begun) {
        if (copied || !hasContent(part)) {
          Files.deleteIfExists(part); // nobody else has it: the lock is still ours
        }
        journal.close();
      }
    }
  }

  private void compare(JournalHeader before, JournalHeader now, Consumer<String> messages) {
    if (!leave.force() && !before.target().equals(now.target())) {
      throw new UsageException(
          "--resume: the results are of "
              + before.target()
              + ", not of "
              + now.target()
              + ": add --force to go on with this one, or give --force alone to begin anew");
    }
    if (!leave.force() && !before.code().equals(now.code())) {
      throw new UsageException(
          "--resume: the code has changed: the results were made by "
              + before.code()
              + ", now it is "
              + now.code()
              + ": add --force to go on with it, or give --force alone to begin anew");
    }
    if (!before.input().equals(now.input())) {
      messages.accept("the input has changed: it was " + before.input() + ", is " + now.input());
    }
  }
}
