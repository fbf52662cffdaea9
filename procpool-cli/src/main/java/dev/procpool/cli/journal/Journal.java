package dev.procpool.cli.journal;

import dev.procpool.cli.message.Counted;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.reply.Status;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run in a file that is its own journal: what is in it is done, and a run that was
 * broken off, in whatever way, goes on from there.
 *
 * <pre>
 * {"procpool":{"journal":1,"target":…,"code":…,"input":…}}     header: one a run; the last counts
 * {"index":7,"args":…,"status":…,…,"key":…,"attempt":1}        a result, as it came
 * {"index":3,"args":…                                          a torn line: cut off when opened
 * </pre>
 *
 * <ul>
 *   <li>A line counts if it ends with a line feed and is JSON with index, status, key and attempt.
 *       What a power cut has damaged elsewhere is passed over, and its rows are run again.
 *   <li>A key names a row's content, so it does not matter where the row stands. Rows of the same
 *       content have a line each.
 *   <li>Attempt n + 1 takes the place of one line of the same key with attempt n that was not well.
 *   <li>The file only grows, by whole lines, each with one write. It is on the disk within about a
 *       second, the header at once. Who writes holds a lock of the whole file.
 * </ul>
 *
 * <p>{@link #finish} gives it its final name; lines are brought into the order of the items first
 * if that is wanted, and what counts no more is left out.
 *
 * <p>Threads: {@link #claim} belongs to who reads the rows, {@link #append} to who writes results.
 */
public final class Journal implements AutoCloseable {

  private final Path path;
  private final RandomAccessFile file;
  private final JournalSync sync;
  private final LineTable done = new LineTable();
  private final Places places = new Places();
  private final Map<Status, Long> kept = new EnumMap<>(Status.class);
  private Optional<JournalHeader> header = Optional.empty();

  /** Where the next line goes. */
  private long end;

  private long lines;
  private int headers;
  private long damaged;
  private boolean renumbered;
  private long fresh;
  private long retried;
  private boolean hasOk;

  private Journal(Path path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.file = file;
    this.sync = new JournalSync(file.getFD());
  }

  /**
   * Opens a journal for one writer.
   *
   * @param path the file; made if there is none
   * @param goOn whether what is in it counts; if not it is dropped, but not before {@link #begin}
   * @throws UsageException if another run writes it, or if it is no journal and is to count
   */
  static Journal open(Path path, boolean goOn) throws IOException {
    Journal journal = new Journal(path, locked(path));
    try {
      if (goOn) {
        journal.load();
      }
      return journal;
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static RandomAccessFile locked(Path path) throws IOException {
    while (true) {
      Object named = fileKey(path);
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      boolean own = false;
      try {
        FileLock lock = file.getChannel().tryLock();
        if (lock == null) {
          throw isWritten(path, null);
        }
        // the run that held the lock may have renamed the file since it was opened here
        own = named != null && named.equals(fileKey(path));
        if (own) {
          return file;
        }
      } catch (OverlappingFileLockException e) {
        throw isWritten(path, e);
      } finally {
        if (!own) {
          file.close();
        }
      }
    }
  }

  private static UsageException isWritten(Path path, @Nullable Exception cause) {
    return new UsageException(path + " is being written by another run: wait for its end", cause);
  }

  /** Names a file by what it is, without opening it: that would give up the lock. */
  private static @Nullable Object fileKey(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void load() throws IOException {
    ByteLines reader = new ByteLines(file);
    for (byte[] line = reader.read(0); line != null; line = reader.read(end)) {
      if (startsWith(line, JournalHeader.START)) {
        Optional<JournalHeader> read = JournalHeader.parse(line);
        header = read.isPresent() ? read : header;
        headers++;
      } else if (header.isPresent()) {
        add(line);
      }
      if (header.isEmpty()) {
        throw notAJournal();
      }
      end = reader.position();
    }
    if (end == 0 && file.length() > 0) {
      requireTornHeader();
    }
  }

  private void add(byte[] line) {
    Optional<JournalLine> result = JournalLine.parse(line);
    result.ifPresent(r -> done.add(r, end));
    lines++;
    damaged += result.isPresent() ? 0 : 1;
    hasOk |= result.filter(r -> r.status() == Status.OK).isPresent();
  }

  private UsageException notAJournal() {
    return new UsageException(
        path + " does not begin with a header of procpool, so nothing can be resumed from it");
  }

  /** What is there may be the beginning of a header, or nothing that reached the disk. */
  private void requireTornHeader() throws IOException {
    byte[] head = new byte[(int) Math.min(JournalHeader.START.length(), file.length())];
    file.seek(0);
    file.readFully(head);
    String text = new String(head, StandardCharsets.UTF_8).replaceFirst("\\x00+$", "");
    if (!JournalHeader.START.startsWith(text)) {
      throw notAJournal();
    }
  }

  private static boolean startsWith(byte[] line, String start) {
    return new String(line, 0, Math.min(line.length, start.length()), StandardCharsets.UTF_8)
        .equals(start);
  }

  /** Gives what the results in it are the results of; empty if it is new. */
  Optional<JournalHeader> header() {
    return header;
  }

  /** Says what the results are the results of, from now on. */
  void begin(JournalHeader now) throws IOException {
    file.setLength(end);
    if (!header.equals(Optional.of(now))) {
      write(now.line().getBytes(StandardCharsets.UTF_8));
      header = Optional.of(now);
      headers++;
      sync.now();
    }
  }

  /**
   * Looks for a row's result.
   *
   * @param key the row's content
   * @param index its place in the input now
   * @param again the kinds of results that don't count
   * @return zero if there is a result; else which attempt the row is due for
   */
  public int claim(RowKey key, long index, Set<Status> again) {
    int slot = done.claim(key);
    if (slot == LineTable.NONE) {
      return 1;
    }
    Status status = done.status(slot);
    if (again.contains(status)) {
      return done.attempt(slot) + 1;
    }
    places.put(index, done.offset(slot));
    renumbered |= done.index(slot) != index;
    kept.merge(status, 1L, Long::sum);
    return 0;
  }

  /** Gives how many rows had a result already, by how it was. */
  public Map<Status, Long> kept() {
    return kept;
  }

  /** Tells how many results are of rows that the input has no more, once all rows were read. */
  int gone() {
    return done.unclaimed();
  }

  /** Tells whether a result of earlier runs is ok: then not every item fails. */
  public boolean hasOk() {
    return hasOk;
  }

  /**
   * Says what going on has done.
   *
   * @param whole whether all rows of the input were read
   */
  public String summary(boolean whole) {
    long rows = kept.values().stream().mapToLong(Long::longValue).sum();
    return Counted.of(rows, "result")
        + " kept, "
        + Counted.of(fresh, "new row")
        + (retried > 0 ? ", " + retried + " run again" : "")
        + (whole && gone() > 0 ? ", " + gone() + " gone: their results are left out" : "");
  }

  /** Adds a result: a whole line with its key. */
  public void append(long index, int attempt, byte[] line) throws IOException {
    places.put(index, end);
    fresh += attempt == 1 ? 1 : 0;
    retried += attempt == 1 ? 0 : 1;
    write(line);
    lines++;
  }

  private void write(byte[] line) throws IOException {
    sync.check();
    file.seek(end);
    file.write(line);
    end += line.length;
    sync.due();
  }

  /**
   * Gives the results their final name, whole and on the disk, in place of a file that has it.
   *
   * @param target the name
   * @param ordered whether lines are to be in the order of the items
   */
  public void finish(Path target, boolean ordered) throws IOException {
    sync.now();
    boolean asItIs =
        lines == places.count()
            && headers == 1
            && damaged == 0
            && !renumbered
            && (!ordered || places.areSorted());
    if (asItIs) {
      JournalSync.rename(path, target);
    } else {
      new JournalCopy(file, places, header.orElseThrow()).write(path, target, ordered);
      Files.delete(path);
    }
  }

  /** Puts on the disk what is written, and gives up the lock. */
  @Override
  public void close() throws IOException {
    try {
      sync.close();
    } finally {
      file.close();
    }
  }
}
