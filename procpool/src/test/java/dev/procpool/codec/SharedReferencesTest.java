package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is one object before is one object after. */
class SharedReferencesTest {

  @Test
  void oneArrayTwiceInTuple() throws CodecException {
    int[] array = {1, 2};
    Args2<?, ?> copy = (Args2<?, ?>) Codecs.copy(Args.of(array, array));
    assertThat(copy.first()).isSameAs(copy.second()).isEqualTo(array);
    assertThat(Codecs.isPlain(Args.of(array, array.clone()))).isTrue();
  }

  @Test
  void arrayInTupleAndInsideAnotherComponent() throws CodecException {
    byte[] array = {1};
    Args3<?, ?, ?> copy = (Args3<?, ?, ?>) Codecs.copy(Args.of(array, 1, new Object[] {array}));
    assertThat(((Object[]) copy.third())[0]).isSameAs(copy.first());
  }

  @Test
  void oneObjectInTwoComponents() throws CodecException {
    List<Integer> list = new ArrayList<>(List.of(1));
    Args2<?, ?> copy = (Args2<?, ?>) Codecs.copy(Args.of(list, list));
    assertThat(copy.first()).isSameAs(copy.second());
    Args2<?, ?> nested = (Args2<?, ?>) Codecs.copy(Args.of(list, Args.of(list, 1)));
    assertThat(((Args2<?, ?>) nested.second()).first()).isSameAs(nested.first());
  }

  @Test
  void oneArrayTwiceInList() throws CodecException {
    int[] array = {1, 2};
    List<?> copy = (List<?>) Codecs.copy(new ArrayList<>(List.of(array, array)));
    assertThat(copy.get(0)).isSameAs(copy.get(1));
  }

  @Test
  void listInItself() throws CodecException {
    List<Object> list = new ArrayList<>();
    list.add(1);
    list.add(list);
    list.add("after");
    List<?> copy = (List<?>) Codecs.copy(list);
    assertThat(copy.get(1)).isSameAs(copy);
    assertThat(copy.get(2)).isEqualTo("after");
    Args2<?, ?> tuple = (Args2<?, ?>) Codecs.copy(Args.of(list, 1));
    assertThat(((List<?>) tuple.first()).get(1)).isSameAs(tuple.first());
  }

  @Test
  void mapAndListInEachOther() throws CodecException {
    Map<String, Object> map = new HashMap<>();
    List<Object> list = new ArrayList<>(List.of(map));
    map.put("list", list);
    Map<?, ?> copy = (Map<?, ?>) Codecs.copy(map);
    assertThat(((List<?>) copy.get("list")).get(0)).isSameAs(copy);
  }

  @Test
  void deepTuplesDoNotOverflow() throws CodecException {
    Object deep = 0;
    for (int i = 0; i < 100; i++) {
      deep = Args.of(i, deep);
    }
    assertThat(Codecs.copy(deep)).isEqualTo(deep);
  }
}
