package dev.procpool.codec;

import dev.procpool.function.Args;
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

/** What a value costs on its way to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

  @Param({"integer", "args2", "string", "doubles", "list", "graph"})
  public String kind;

  private final Codec codec = new Codec(null, Integer.MAX_VALUE - 1024);
  private final ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
  private Object value;
  private byte[] encoded;

  @Setup
  public void prepare() throws CodecException {
    value = value();
    codec.encode(value, out);
    encoded = Arrays.copyOf(out.array(), out.size());
  }

  private Object value() {
    return switch (kind) {
      case "integer" -> 1_000_000;
      case "args2" -> Args.of(1_000_000, 0.5);
      case "string" -> "a string of some thirty letters";
      case "doubles" -> new double[1_000];
      case "list" -> new ArrayList<>(List.of(1, 2.0, "three", 4L, 5));
      case "graph" -> new HashMap<>(Map.of("one", List.of(1), "two", List.of(1, 2)));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @Benchmark
  public int encode() throws CodecException {
    out.reset();
    codec.encode(value, out);
    return out.size();
  }

  @Benchmark
  public Object decode() throws CodecException {
    return codec.decode(encoded, 0, encoded.length, CodecBenchmark.class.getClassLoader());
  }
}
