package dev.procpool.fory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Fory writes, what it refuses, and what becomes of damaged bytes. */
class ForyCodecTest {

  private final ForyCodec codec = new ForyCodec();

  record Point(int x, double y, String name, List<Integer> more) implements Serializable {}

  enum Colour {
    RED,
    GREEN
  }

  static final class Node implements Serializable {
    private static final long serialVersionUID = 1L;
    Node next;
    transient int forgotten = 7;
  }

  /** Only one of them exists. */
  static final class Single implements Serializable {
    private static final long serialVersionUID = 1L;
    static final Single ONE = new Single();

    private Object readResolve() throws ObjectStreamException {
      return ONE;
    }
  }

  /** Fory takes no streams. */
  static final class Odd {
    final ByteArrayInputStream in = new ByteArrayInputStream(new byte[1]);
  }

  private byte[] encoded(Object graph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(codec.encode(graph, out)).isTrue();
    return out.toByteArray();
  }

  private Object decoded(byte[] bytes) throws IOException {
    byte[] within = new byte[bytes.length + 20];
    System.arraycopy(bytes, 0, within, 10, bytes.length);
    return codec.decode(within, 10, bytes.length, ForyCodecTest.class.getClassLoader());
  }

  private Object copy(Object graph) throws IOException {
    return decoded(encoded(graph));
  }

  @Test
  void graphsComeBackAsTheyWere() throws Exception {
    for (Object graph :
        List.of(
            new Point(1, 0.5, "a", new ArrayList<>(List.of(1, 2))),
            new HashMap<>(Map.of("k", List.of(new Point(2, 1.5, "b", List.of())))),
            Colour.GREEN,
            Instant.ofEpochSecond(1, 2),
            List.of(Colour.RED, Colour.GREEN),
            Map.of(1, "one"))) {
      assertThat(copy(graph)).isEqualTo(graph).hasSameClassAs(graph);
    }
    assertThat(copy(Single.ONE)).isSameAs(Single.ONE);
  }

  @Test
  void sharedReferencesAndCyclesAreKept() throws Exception {
    Node node = new Node();
    node.next = new Node();
    node.next.next = node;
    Node back = (Node) copy(node);
    assertThat(back.next.next).isSameAs(back);
    assertThat(back.forgotten).isNotEqualTo(-1);
    Object[] twice = (Object[]) copy(new Object[] {node, node});
    assertThat(twice[0]).isSameAs(twice[1]);
  }

  @Test
  void aLargeArrayIsRead() throws Exception {
    Object[] large = {new int[40_000_000]};
    assertThat((int[]) ((Object[]) copy(large))[0]).hasSize(40_000_000);
  }

  @Test
  void whatIsRefusedOnceIsLeftToJavaSerializationAtOnce() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> codec.encode(new Odd(), out)).isInstanceOf(RuntimeException.class);
    assertThat(refuses(new Odd())).isTrue();
    assertThat(refuses(new ArrayList<>(List.of(new Odd())))).isTrue();
    assertThat(refuses(new ArrayList<>(List.of(Colour.RED)))).isFalse();
  }

  private boolean refuses(Object graph) {
    try {
      return !codec.encode(graph, new ByteArrayOutputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tooDeepAGraphIsRefusedWhenItIsWritten() throws Exception {
    Node deep = null;
    for (int i = 0; i < 100_000; i++) {
      Node node = new Node();
      node.next = deep;
      deep = node;
    }
    Node root = deep;
    assertThatThrownBy(() -> codec.encode(root, new ByteArrayOutputStream()));
  }

  @Test
  void damagedBytesGiveAnExceptionOrAnObjectAndHarmNoOtherDecoding() throws Exception {
    Point point = new Point(1, 0.5, "a name of some length", List.of(1, 2, 3));
    byte[] bytes = encoded(point);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decoded(cut)).as("%d bytes of it", length).isNotNull();
    }
    long seed = 42;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        decoded(damaged);
      } catch (Exception | LinkageError e) {
        // told
      }
    }
    assertThat(decoded(bytes)).isEqualTo(point);
  }

  @Test
  void threadsShareIt() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> work =
          IntStream.range(0, 4)
              .mapToObj(
                  n ->
                      (Callable<Boolean>)
                          () -> {
                            for (int i = 0; i < 500; i++) {
                              Point point = new Point(n, i, "n" + i, List.of(i));
                              if (!Objects.equals(copy(point), point)) {
                                return false;
                              }
                            }
                            return true;
                          })
              .toList();
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itGoesToWorkersByJavaSerialization() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(codec);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isInstanceOf(ForyCodec.class);
    }
  }
}
