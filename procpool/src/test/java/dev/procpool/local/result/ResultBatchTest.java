package dev.procpool.local.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultBatchTest {

  @Test
  void primitivesAndOthersComeBackInTheirOrder() {
    ResultBatch batch = new ResultBatch();
    for (int i = 0; i < 200; i++) {
      assertThat(batch.accepts(1, 1)).isTrue();
      if (i % 3 == 0) {
        batch.add(1, 1, i, "text " + i, i);
      } else {
        batch.add(1, 1, i, (byte) 'I', i, i);
      }
    }
    for (int i = 0; i < 200; i++) {
      assertThat(batch.value(i)).isEqualTo(i % 3 == 0 ? "text " + i : (Object) i);
      assertThat(batch.primitive(i)).isEqualTo((byte) (i % 3 == 0 ? 0 : 'I'));
      assertThat(batch.indexes()[i]).isEqualTo(i);
      assertThat(batch.nanos()[i]).isEqualTo(i);
    }
  }

  @Test
  void aPlaceThatHeldAnObjectDoesNotKeepItWhenCleared() {
    ResultBatch batch = new ResultBatch();
    batch.add(1, 1, 0, "object", 5);
    batch.clear();
    batch.add(2, 1, 7, (byte) 'D', Double.doubleToRawLongBits(0.5), 5);
    assertThat(batch.value(0)).isEqualTo(0.5);
    batch.clear();
    batch.add(3, 1, 0, null, 5);
    assertThat(batch.size()).isEqualTo(1);
    assertThat(batch.value(0)).isNull();
  }
}
