package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.RemoteTaskException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** A task's exception arrives as itself, or at least as all that it says. */
class ThrowablesTest {

  static final class OwnException extends Exception {
    private static final long serialVersionUID = 1L;
    final int code;

    OwnException(String message, int code, Throwable cause) {
      super(message, cause);
      this.code = code;
    }
  }

  static final class Unserializable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    final Object wire = new Object();

    Unserializable(String message) {
      super(message);
    }
  }

  static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    final Object wire = new Object();

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public void printStackTrace(PrintWriter out) {
      throw new StackOverflowError();
    }

    @Override
    public void printStackTrace(PrintStream out) {
      throw new StackOverflowError();
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause");
    }
  }

  private static StackTraceElement[] stackOfWorker() {
    return new StackTraceElement[] {
      new StackTraceElement("com.acme.PoolCall", "work", "PoolCall.java", 17),
    };
  }

  @Test
  void keepsClassMessageFieldsCauseSuppressedAndStack() {
    OwnException error = new OwnException("broke", 42, new IOException("disk"));
    error.addSuppressed(new NoSuchElementException("also"));
    error.setStackTrace(stackOfWorker());
    Throwable copy = Codecs.copyThrowable(error);
    assertThat(copy).isInstanceOf(OwnException.class).hasMessage("broke");
    assertThat(((OwnException) copy).code).isEqualTo(42);
    assertThat(copy.getCause()).isInstanceOf(IOException.class).hasMessage("disk");
    assertThat(copy.getSuppressed()).hasSize(1);
    assertThat(copy.getSuppressed()[0]).isInstanceOf(NoSuchElementException.class);
    assertThat(copy.getStackTrace()).containsExactly(stackOfWorker());
  }

  @Test
  void errorsAndExceptionsWithoutMessage() {
    assertThat(Codecs.copyThrowable(new OutOfMemoryError("heap")))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("heap");
    assertThat(Codecs.copyThrowable(new NullPointerException()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage(null);
  }

  @Test
  void unserializableArrivesAsText() {
    Unserializable error = new Unserializable("has a wire");
    error.setStackTrace(stackOfWorker());
    error.initCause(new IOException("below"));
    Throwable copy = Codecs.copyThrowable(error);
    assertThat(copy).isInstanceOf(RemoteTaskException.class);
    RemoteTaskException remote = (RemoteTaskException) copy;
    assertThat(remote.className()).isEqualTo(Unserializable.class.getName());
    assertThat(remote.remoteMessage()).isEqualTo("has a wire");
    assertThat(remote.remoteStack())
        .contains("at com.acme.PoolCall.work(PoolCall.java:17)")
        .contains("Caused by: java.io.IOException: below");
  }

  @Test
  void unserializableCauseIsReplacedAndTheExceptionAroundItStays() {
    RuntimeException error = new RuntimeException("outer", new Unserializable("inner"));
    error.addSuppressed(new IllegalStateException("side", new Unserializable("deep")));
    Throwable copy = Codecs.copyThrowable(error);
    assertThat(copy).isExactlyInstanceOf(RuntimeException.class).hasMessage("outer");
    assertThat(copy.getCause())
        .isInstanceOfSatisfying(
            RemoteTaskException.class,
            cause -> assertThat(cause.className()).isEqualTo(Unserializable.class.getName()));
    assertThat(copy.getSuppressed()[0]).isExactlyInstanceOf(IllegalStateException.class);
    assertThat(copy.getSuppressed()[0].getCause()).isInstanceOf(RemoteTaskException.class);
  }

  @Test
  void classThatTheDecoderDoesNotFind() {
    ClassLoader bare = ClassLoader.getPlatformClassLoader();
    Throwable copy = Codecs.copyThrowable(new OwnException("broke", 1, null), Codecs.CODEC, bare);
    // dev.procpool.* is found in any case, so the class at hand has to be of another package
    assertThat(copy).isInstanceOf(OwnException.class);
    Throwable other = Codecs.copyThrowable(foreign(), Codecs.CODEC, bare);
    assertThat(other).isInstanceOf(RemoteTaskException.class).hasMessageContaining("not here");
    assertThat(((RemoteTaskException) other).className()).startsWith("org.opentest4j.");
    assertThat(other.getSuppressed()[0]).hasMessageContaining("put it on the class path of both");
  }

  private static Throwable foreign() {
    return new org.opentest4j.AssertionFailedError("not here");
  }

  @Test
  void exceptionThatAnswersNothing() {
    Throwable copy = Codecs.copyThrowable(new Hostile());
    assertThat(copy).isInstanceOf(RemoteTaskException.class);
    RemoteTaskException remote = (RemoteTaskException) copy;
    assertThat(remote.className()).isEqualTo(Hostile.class.getName());
    assertThat(remote.remoteMessage()).contains("getMessage threw java.lang.IllegalStateException");
    assertThat(remote.remoteStack()).contains("ThrowablesTest.exceptionThatAnswersNothing");
  }

  @Test
  void cyclicCauses() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);
    Throwable copy = Codecs.copyThrowable(a);
    assertThat(copy.getCause().getCause()).isSameAs(copy);
  }

  @Test
  void hugeExceptionIsCut() {
    Codec small = new Codec(null, 10_000);
    Throwable error = new RuntimeException("x".repeat(5_000_000));
    ByteOutput out = new ByteOutput(16, 10_000);
    small.encodeThrowable(error, out);
    assertThat(out.size()).isLessThan(10_000);
    Throwable copy = small.decodeThrowable(out.array(), 0, out.size(), null);
    assertThat(copy).isInstanceOf(RemoteTaskException.class);
    assertThat(((RemoteTaskException) copy).remoteMessage()).startsWith("xxx").contains("5000000");
  }

  @Test
  void damagedBytesGiveAnExceptionToo() {
    assertThat(Codecs.CODEC.decodeThrowable(new byte[] {99, 1, 2}, 0, 3, null))
        .isInstanceOf(RemoteTaskException.class);
    assertThat(Codecs.CODEC.decodeThrowable(new byte[0], 0, 0, null))
        .isInstanceOf(RemoteTaskException.class);
  }
}
