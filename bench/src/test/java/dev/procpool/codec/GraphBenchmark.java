package dev.procpool.codec;

import dev.procpool.fory.ForyCodec;
import dev.procpool.spi.ObjectCodec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an object graph costs by Java serialization alone, as the pool sends it, and by Fory. The
 * plain records are not Serializable.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GraphBenchmark {

  /** A line of an order, say. */
  public record Line(int number, String article, double price, List<String> tags)
      implements Serializable {}

  record PlainLine(int number, String article, double price, List<String> tags) {}

  /** Where the record itself costs more than what it holds. */
  record Point(int x, int y) implements Serializable {}

  /** Whoever replaces parts gets Java serialization. */
  private static final Map<Object, Object> NO_COMPACT_FORM = Map.of(new Object(), "");

  @Param({"java", "pool", "fory"})
  public String form;

  @Param({"record", "map", "100 records", "plain record", "100 plain records", "100 points"})
  public String kind;

  private final ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
  private Codec codec;
  private Object value;
  private byte[] encoded;

  @Setup
  public void prepare() throws CodecException {
    ObjectCodec objects = form.equals("fory") ? new ForyCodec() : null;
    codec = new Codec(null, Integer.MAX_VALUE - 1024).withObjects(objects, objects);
    value = value();
    encode();
    encoded = Arrays.copyOf(out.array(), out.size());
    System.out.println(form + ", " + kind + ": " + encoded.length + " bytes");
  }

  private Object value() {
    return switch (kind) {
      case "record" -> line(1);
      case "plain record" -> plain(1);
      case "100 plain records" -> {
        List<PlainLine> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          lines.add(plain(i));
        }
        yield lines;
      }
      case "100 points" -> {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          points.add(new Point(i, -i));
        }
        yield points;
      }
      case "map" -> new HashMap<>(Map.of("one", List.of(1), "two", List.of(1, 2)));
      case "100 records" -> {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          lines.add(line(i));
        }
        yield lines;
      }
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static Line line(int number) {
    return new Line(number, "article " + number, number / 8.0, List.of("new", "on sale"));
  }

  private static PlainLine plain(int number) {
    return new PlainLine(number, "article " + number, number / 8.0, List.of("new", "on sale"));
  }

  @Benchmark
  public int encode() throws CodecException {
    out.reset();
    if (form.equals("java")) {
      codec.encode(value, out, NO_COMPACT_FORM);
    } else {
      codec.encode(value, out);
    }
    return out.size();
  }

  @Benchmark
  public Object decode() throws CodecException {
    return codec.decode(encoded, 0, encoded.length, GraphBenchmark.class.getClassLoader());
  }
}
