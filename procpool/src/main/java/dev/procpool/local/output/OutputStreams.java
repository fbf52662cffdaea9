package dev.procpool.local.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process's standard output and standard error, opened so that closing ends a read that waits: a
 * process may have ended, and what it has started holds its pipes open for ever.
 *
 * <p>The streams that a {@link Process} gives are not like that, on no system; and the thread that
 * waits for the process waits for whoever reads them.
 *
 * @param output its standard output
 * @param error its standard error
 */
public record OutputStreams(InputStream output, InputStream error) {

  /** What a pipe holds at most, on most systems. */
  private static final int PIPE_BYTES = 1024 * 1024;

  private static final Path OWN = Path.of("/proc/self/fd");

  /** Opens the pipes of a process a second time and closes them where they were open, if it can. */
  public static OutputStreams of(Process process) {
    InputStream output = process.getInputStream();
    InputStream error = process.getErrorStream();
    // Not the process's own descriptors: a shell that is its first program may have sent them
    // elsewhere by now, for a moment or for good. Those of ours that are the same pipes.
    String outputPipe = pipe(process, 1);
    String errorPipe = pipe(process, 2);
    if (outputPipe == null || errorPipe == null || outputPipe.equals(errorPipe)) {
      return new OutputStreams(output, error); // not on Linux, not ours to look at, it has ended
    }
    Path ownOutput = null;
    Path ownError = null;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(OWN)) {
      for (Path descriptor : all) {
        String target = target(descriptor);
        ownOutput = outputPipe.equals(target) ? descriptor : ownOutput;
        ownError = errorPipe.equals(target) ? descriptor : ownError;
      }
    } catch (IOException | DirectoryIteratorException e) {
      // no descriptor left, say: as if there were none
    }
    return new OutputStreams(
        reopened(ownOutput, outputPipe, output), reopened(ownError, errorPipe, error));
  }

  /** Closes both. */
  public void close() {
    close(output);
    close(error);
  }

  /** What pipe a descriptor of a process is now; null for none. */
  private static @Nullable String pipe(Process process, int number) {
    String target = target(Path.of("/proc/" + process.pid() + "/fd/" + number));
    return target != null && target.startsWith("pipe:") ? target : null;
  }

  private static @Nullable String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static InputStream reopened(@Nullable Path descriptor, String target, InputStream pipe) {
    if (descriptor == null) {
      return pipe;
    }
    InputStream own;
    try {
      own = Files.newInputStream(descriptor);
    } catch (IOException | RuntimeException e) {
      return pipe;
    }
    if (!target.equals(target(descriptor))) { // the process has ended, and another has the number
      close(own);
      return pipe;
    }
    byte[] first = available(pipe);
    close(pipe); // what the JDK takes out between these two is lost
    return first.length == 0 ? own : new Resumed(first, own);
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // nothing was to be written
    }
  }

  /** What is there now: where the process has just ended, the JDK has taken it out of the pipe. */
  private static byte[] available(InputStream pipe) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (int some = pipe.available(); some > 0 && bytes.size() < PIPE_BYTES; ) {
        bytes.write(pipe.readNBytes(some));
        some = pipe.available();
      }
    } catch (IOException e) {
      // the rest is in the pipe
    }
    return bytes.toByteArray();
  }

  /** Some bytes, and then a stream; a read gives what is there, and does not wait for more. */
  private static final class Resumed extends InputStream {

    private final byte[] first;
    private final InputStream rest;
    private int taken;

    Resumed(byte[] first, InputStream rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public int read() throws IOException {
      return taken < first.length ? first[taken++] & 0xff : rest.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (taken == first.length) {
        return rest.read(bytes, offset, length);
      }
      int count = Math.min(length, first.length - taken);
      System.arraycopy(first, taken, bytes, offset, count);
      taken += count;
      return count;
    }

    @Override
    public void close() throws IOException {
      rest.close();
    }
  }
}
