package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIterable;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import dev.procpool.function.Args4;
import dev.procpool.function.Args5;
import dev.procpool.function.Args6;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Section 1 of the contract: {@code starmap}, {@code istarmap}, {@code istarmapUnordered} and
 * {@code starForEach}, for 2 to 6 arguments.
 */
public abstract class StarmapContract extends ContractTest {

  private static final List<Args2<Integer, Double>> TWO = List.of(Args.of(1, 0.5), Args.of(2, 1.5));
  private static final List<Args3<Integer, Double, String>> THREE =
      List.of(Args.of(1, 0.5, "c"), Args.of(2, 1.5, "d"));
  private static final List<Args4<Integer, Double, String, Boolean>> FOUR =
      List.of(Args.of(1, 0.5, "c", true), Args.of(2, 1.5, "d", false));
  private static final List<Args5<Integer, Double, String, Boolean, Long>> FIVE =
      List.of(Args.of(1, 0.5, "c", true, 5L), Args.of(2, 1.5, "d", false, 6L));
  private static final List<Args6<Integer, Double, String, Boolean, Long, Character>> SIX =
      List.of(Args.of(1, 0.5, "c", true, 5L, 'f'), Args.of(2, 1.5, "d", false, 6L, 'g'));

  /** For subclasses. */
  protected StarmapContract() {}

  @Test
  void starmapFormsTakeTwoArguments() throws Exception {
    Pool pool = pool(2);
    List<String> expected = List.of("two 1 0.5", "two 2 1.5");
    assertThat(pool.starmap(Arities::two, TWO)).isEqualTo(expected);
    MapResult<String> result = pool.starmapAsync(Arities::two, TWO);
    assertThat(result.get()).isEqualTo(expected);
    ResultIterator<String> ordered = pool.istarmap(Arities::two, TWO);
    assertThatIterable(ordered).containsExactlyElementsOf(expected);
    ResultIterator<String> unordered = pool.istarmapUnordered(Arities::two, TWO);
    assertThatIterable(unordered).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void starForEachFormsTakeTwoArguments() throws Exception {
    Pool pool = pool(2);
    FileLog log = log("waiting");
    List<Args2<FileLog, Double>> items = List.of(Args.of(log, 0.5), Args.of(log, 1.5));
    pool.starForEach(Arities::log2, items);
    assertThat(log.lines()).containsExactlyInAnyOrder("2 0.5", "2 1.5");
    MapResult<Void> result = pool.starForEachAsync(Arities::log2, items);
    assertThat(result.get()).containsExactly(null, null);
    assertThat(log.lines()).containsExactlyInAnyOrder("2 0.5", "2 0.5", "2 1.5", "2 1.5");
  }

  @Test
  void starmapFormsTakeThreeArguments() throws Exception {
    Pool pool = pool(2);
    List<String> expected = List.of("three 1 0.5 c", "three 2 1.5 d");
    assertThat(pool.starmap(Arities::three, THREE)).isEqualTo(expected);
    MapResult<String> result = pool.starmapAsync(Arities::three, THREE);
    assertThat(result.get()).isEqualTo(expected);
    ResultIterator<String> ordered = pool.istarmap(Arities::three, THREE);
    assertThatIterable(ordered).containsExactlyElementsOf(expected);
    ResultIterator<String> unordered = pool.istarmapUnordered(Arities::three, THREE);
    assertThatIterable(unordered).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void starForEachFormsTakeThreeArguments() throws Exception {
    Pool pool = pool(2);
    FileLog log = log("waiting");
    List<Args3<FileLog, Double, String>> items =
        List.of(Args.of(log, 0.5, "c"), Args.of(log, 1.5, "d"));
    pool.starForEach(Arities::log3, items);
    assertThat(log.lines()).containsExactlyInAnyOrder("3 0.5 c", "3 1.5 d");
    MapResult<Void> result = pool.starForEachAsync(Arities::log3, items);
    assertThat(result.get()).containsExactly(null, null);
    assertThat(log.lines()).containsExactlyInAnyOrder("3 0.5 c", "3 0.5 c", "3 1.5 d", "3 1.5 d");
  }

  @Test
  void starmapFormsTakeFourArguments() throws Exception {
    Pool pool = pool(2);
    List<String> expected = List.of("four 1 0.5 c true", "four 2 1.5 d false");
    assertThat(pool.starmap(Arities::four, FOUR)).isEqualTo(expected);
    MapResult<String> result = pool.starmapAsync(Arities::four, FOUR);
    assertThat(result.get()).isEqualTo(expected);
    ResultIterator<String> ordered = pool.istarmap(Arities::four, FOUR);
    assertThatIterable(ordered).containsExactlyElementsOf(expected);
    ResultIterator<String> unordered = pool.istarmapUnordered(Arities::four, FOUR);
    assertThatIterable(unordered).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void starForEachFormsTakeFourArguments() throws Exception {
    Pool pool = pool(2);
    FileLog log = log("waiting");
    List<Args4<FileLog, Double, String, Boolean>> items =
        List.of(Args.of(log, 0.5, "c", true), Args.of(log, 1.5, "d", false));
    pool.starForEach(Arities::log4, items);
    assertThat(log.lines()).containsExactlyInAnyOrder("4 0.5 c true", "4 1.5 d false");
    MapResult<Void> result = pool.starForEachAsync(Arities::log4, items);
    assertThat(result.get()).containsExactly(null, null);
    assertThat(log.lines())
        .containsExactlyInAnyOrder(
            "4 0.5 c true", "4 0.5 c true", "4 1.5 d false", "4 1.5 d false");
  }

  @Test
  void starmapFormsTakeFiveArguments() throws Exception {
    Pool pool = pool(2);
    List<String> expected = List.of("five 1 0.5 c true 5", "five 2 1.5 d false 6");
    assertThat(pool.starmap(Arities::five, FIVE)).isEqualTo(expected);
    MapResult<String> result = pool.starmapAsync(Arities::five, FIVE);
    assertThat(result.get()).isEqualTo(expected);
    ResultIterator<String> ordered = pool.istarmap(Arities::five, FIVE);
    assertThatIterable(ordered).containsExactlyElementsOf(expected);
    ResultIterator<String> unordered = pool.istarmapUnordered(Arities::five, FIVE);
    assertThatIterable(unordered).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void starForEachFormsTakeFiveArguments() throws Exception {
    Pool pool = pool(2);
    FileLog log = log("waiting");
    List<Args5<FileLog, Double, String, Boolean, Long>> items =
        List.of(Args.of(log, 0.5, "c", true, 5L), Args.of(log, 1.5, "d", false, 6L));
    pool.starForEach(Arities::log5, items);
    assertThat(log.lines()).containsExactlyInAnyOrder("5 0.5 c true 5", "5 1.5 d false 6");
    MapResult<Void> result = pool.starForEachAsync(Arities::log5, items);
    assertThat(result.get()).containsExactly(null, null);
    assertThat(log.lines())
        .containsExactlyInAnyOrder(
            "5 0.5 c true 5", "5 0.5 c true 5", "5 1.5 d false 6", "5 1.5 d false 6");
  }

  @Test
  void starmapFormsTakeSixArguments() throws Exception {
    Pool pool = pool(2);
    List<String> expected = List.of("six 1 0.5 c true 5 f", "six 2 1.5 d false 6 g");
    assertThat(pool.starmap(Arities::six, SIX)).isEqualTo(expected);
    MapResult<String> result = pool.starmapAsync(Arities::six, SIX);
    assertThat(result.get()).isEqualTo(expected);
    ResultIterator<String> ordered = pool.istarmap(Arities::six, SIX);
    assertThatIterable(ordered).containsExactlyElementsOf(expected);
    ResultIterator<String> unordered = pool.istarmapUnordered(Arities::six, SIX);
    assertThatIterable(unordered).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void starForEachFormsTakeSixArguments() throws Exception {
    Pool pool = pool(2);
    FileLog log = log("waiting");
    List<Args6<FileLog, Double, String, Boolean, Long, Character>> items =
        List.of(Args.of(log, 0.5, "c", true, 5L, 'f'), Args.of(log, 1.5, "d", false, 6L, 'g'));
    pool.starForEach(Arities::log6, items);
    assertThat(log.lines()).containsExactlyInAnyOrder("6 0.5 c true 5 f", "6 1.5 d false 6 g");
    MapResult<Void> result = pool.starForEachAsync(Arities::log6, items);
    assertThat(result.get()).containsExactly(null, null);
    assertThat(log.lines())
        .containsExactlyInAnyOrder(
            "6 0.5 c true 5 f", "6 0.5 c true 5 f", "6 1.5 d false 6 g", "6 1.5 d false 6 g");
  }

  @Test
  void aLambdaMayTakeTheArguments() throws Exception {
    assertThat(pool(1).starmap((a, b) -> a * b, TWO)).containsExactly(0.5, 3.0);
  }

  @Test
  void anOverloadedMethodMayTakeTheArguments() throws Exception {
    List<Args2<Double, Double>> items = List.of(Args.of(2.0, 3.0), Args.of(3.0, 2.0));
    List<Double> greater = pool(1).starmap(Math::max, items);
    assertThat(greater).containsExactly(3.0, 3.0);
  }

  @Test
  void nullsAreArgumentsLikeAnyOther() throws Exception {
    List<Args3<Integer, Double, String>> items = List.of(Args.of(nothing(), 0.5, nothing()));
    assertThat(pool(1).starmap(Arities::three, items)).containsExactly("three null 0.5 null");
  }
}
