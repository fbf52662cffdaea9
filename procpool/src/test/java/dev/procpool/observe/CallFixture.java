package dev.procpool.observe;

import dev.procpool.PoolEvent;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A call of which there is nothing to tell. */
final class CallFixture {

  static final ObservedCall CALL =
      new ObservedCall() {
        @Override
        public PoolEvent.Call call() {
          return new PoolEvent.Call(1, Optional.empty());
        }

        @Override
        public OptionalLong items() {
          return OptionalLong.empty();
        }

        @Override
        public Map<String, Map<String, String>> carried() {
          return Map.of();
        }

        @Override
        public long done() {
          return 0;
        }

        @Override
        public long failed() {
          return 0;
        }

        @Override
        public boolean isEnded() {
          return false;
        }
      };

  private CallFixture() {}
}
