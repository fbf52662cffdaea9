package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.function.Action1;
import dev.procpool.inline.InlinePool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The advice for what users often pass by mistake: it names the thing and a cure that works. */
class AdviceTest {

  /** As Spring calls a class that it makes of a bean's. */
  @SuppressWarnings("checkstyle:TypeName")
  private static class Bean$$SpringCGLIB$$0 {}

  private static String message(Object value) {
    try {
      new Codec(null, Integer.MAX_VALUE).encode(value, new ByteOutput(64, Integer.MAX_VALUE));
    } catch (CodecException e) {
      return e.getMessage();
    }
    throw new AssertionError(value + " was serialized");
  }

  @Test
  void whatIsOfThisProcess() {
    try (Pool pool = InlinePool.create()) {
      assertThat(message(pool))
          .contains("CallPool is not")
          .contains("make another pool in the task");
      assertThat(message(pool.applyAsync(() -> 1)))
          .endsWith("wait for it first, and pass its value");
      assertThat(message(pool.imap(x -> x, List.of(1)))).endsWith("pass its elements, in a list");
    }
    assertThat(message(new CompletableFuture<>())).endsWith("and pass its value");
    assertThat(message(new CountDownLatch(1))).contains("return a value");
  }

  @Test
  void whatPrintsOrLogs() {
    Action1<Object> task = System.out::println;
    assertThat(message(task))
        .contains("the object that the method reference java.io.PrintStream::println is bound to")
        .contains("as in x -> System.out.println(x)");
    assertThat(message(System.err)).contains("x -> System.err.println(x)");
    Logger logger = System.getLogger("any");
    assertThat(message(logger)).contains("keep it in a static field");
    assertThat(message(java.util.logging.Logger.getLogger("any"))).contains("in a static field");
  }

  @Test
  void whatIsOpen() {
    assertThat(message(new ByteArrayInputStream(new byte[1]))).contains("open it in the task");
    assertThat(message(new Scanner("1 2"))).contains("open it in the task");
    AutoCloseable connection = () -> {};
    assertThat(message(connection)).contains("open it in the task");
  }

  @Test
  void whatHoldsOtherThings() {
    Map<String, Integer> map = new HashMap<>(Map.of("a", 1));
    assertThat(message(Stream.of(1))).endsWith("toList() gives them");
    assertThat(message(List.of(1).iterator())).endsWith("pass its elements, in a list");
    assertThat(message(ByteBuffer.allocate(1))).endsWith("pass its content, in an array");
    assertThat(message(new IdentityHashMap<>(map).keySet())).endsWith("new ArrayList<>(list)");
    assertThat(message(new WeakHashMap<>(map))).endsWith("new HashMap<>(map)");
  }

  @Test
  void pathsOfAnotherFileSystem(@TempDir Path folder) throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
      assertThat(message(zip.getPath("a"))).endsWith("pass its text, path.toString()");
    }
  }

  @Test
  void whatFrameworksMake() {
    assertThat(message(new Bean$$SpringCGLIB$$0())).contains("a proxy that a framework has made");
  }

  /** As compilers write it: nobody can make such a field transient. */
  @Test
  void whatAnAnonymousClassHasCaptured() {
    Object captured = new Object();
    Object holder =
        new Object() {
          @SuppressWarnings("unused")
          Serializable task() {
            return new Holder() {
              @Override
              public int hashCode() {
                return captured.hashCode();
              }
            };
          }
        }.task();
    assertThat(message(holder)).doesNotContain("transient");
  }

  private abstract static class Holder implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void filtersAndLimitsSayWhichOfThemRefused() throws CodecException {
    byte[] chain = bytes(nested(20));
    assertThatThrownBy(() -> decode(chain, new DepthFilter(5)))
        .hasMessageContaining("nested more than 5 deep, the limit where no resultFilter is set");
    assertThatThrownBy(() -> decode(chain, info -> refused(info.depth() > 5)))
        .hasMessageContaining("(resultFilter): a graph of depth 6")
        .hasMessageContaining("return less, or let the filter allow more");
    assertThatThrownBy(() -> decode(chain, info -> refused(info.serialClass() != null)))
        .hasMessageContaining("(resultFilter): java.")
        .hasMessageContaining("if that class is to be trusted, let the filter allow it");
  }

  private static java.io.ObjectInputFilter.Status refused(boolean isRefused) {
    return isRefused
        ? java.io.ObjectInputFilter.Status.REJECTED
        : java.io.ObjectInputFilter.Status.UNDECIDED;
  }

  private static Object nested(int depth) {
    Object inner = new HashMap<>();
    for (int i = 0; i < depth; i++) {
      inner = new HashMap<>(Map.of("in", inner));
    }
    return inner;
  }

  private static byte[] bytes(Object value) throws CodecException {
    ByteOutput out = new ByteOutput(64, Integer.MAX_VALUE);
    new Codec(null, Integer.MAX_VALUE).encode(value, out);
    return out.toByteArray();
  }

  private static Object decode(byte[] bytes, java.io.ObjectInputFilter filter)
      throws CodecException {
    ClassLoader loader = AdviceTest.class.getClassLoader();
    return new Codec(filter, Integer.MAX_VALUE).decode(bytes, 0, bytes.length, loader);
  }
}
