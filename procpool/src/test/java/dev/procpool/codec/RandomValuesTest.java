package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Args4;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values made at random come back equal. */
class RandomValuesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void comeBackEqual(long seed) throws CodecException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      Object value = value(random, 3);
      assertThat(describe(Codecs.copy(value)))
          .as("seed %d, value %d", seed, i)
          .isEqualTo(describe(value));
    }
  }

  /** Spells out a value, for arrays are equal only to themselves. */
  private static Object describe(Object value) {
    if (value instanceof int[] array) {
      return "int" + Arrays.toString(array);
    } else if (value instanceof List<?> list) {
      return list.stream().map(RandomValuesTest::describe).toList();
    } else if (value instanceof Args2<?, ?> t) {
      return Args.of(describe(t.first()), describe(t.second()));
    } else if (value instanceof Args4<?, ?, ?, ?> t) {
      return Args.of(
          describe(t.first()), describe(t.second()), describe(t.third()), describe(t.fourth()));
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> described = new HashMap<>();
      map.forEach((key, part) -> described.put(key, describe(part)));
      return described;
    }
    return value;
  }

  static Object value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 8)) {
      case 0 -> null;
      case 1 -> random.nextInt() >> random.nextInt(32);
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> random.nextDouble();
      case 4 -> random.nextBoolean();
      case 5 -> text(random);
      case 6 -> (char) random.nextInt();
      case 7 -> random.ints(random.nextInt(20)).toArray();
      case 8 -> Args.of(value(random, depth - 1), value(random, depth - 1));
      case 9 ->
          Args.of(
              value(random, depth - 1), value(random, depth - 1), value(random, 0), text(random));
      case 10 -> {
        List<Object> list = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new HashMap<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          map.put(text(random), value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String text(SplittableRandom random) {
    int range = random.nextBoolean() ? 256 : 65536;
    char[] chars = new char[random.nextInt(12)];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) random.nextInt(range);
    }
    return new String(chars);
  }
}
