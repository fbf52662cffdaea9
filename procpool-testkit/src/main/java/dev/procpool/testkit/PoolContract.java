package dev.procpool.testkit;

import org.junit.jupiter.api.Nested;

/**
 * The whole contract: a backend's test class extends this, names its factory, and passes or is not
 * done.
 *
 * <pre>{@code
 * class InlinePoolTest extends PoolContract {
 *   @Override
 *   protected PoolFactory backend() {
 *     return InlinePool::create;
 *   }
 * }
 * }</pre>
 *
 * <p>Each nested class is one part of the contract; the parts may also be extended one by one.
 */
public abstract class PoolContract {

  /** For subclasses. */
  protected PoolContract() {}

  /**
   * Names the backend under test.
   *
   * @return the factory of its pools
   */
  protected abstract PoolFactory backend();

  @Nested
  class Apply extends ApplyContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Map extends MapContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Starmap extends StarmapContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Data extends DataContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class ForeignCode extends ForeignCodeContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Durations extends DurationContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Options extends OptionsContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class BadInput extends BadInputContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Lifecycle extends LifecycleContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class BoundedClose extends BoundedCloseContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Result extends ResultContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Outcome extends OutcomeContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Callback extends CallbackContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class HarmlessCallback extends HarmlessCallbackContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Stream extends StreamContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Source extends SourceContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class ChangingSource extends ChangingSourceContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Failure extends FailureContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Serialization extends SerializationContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Cancel extends CancelContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class CompletableFuture extends CompletableFutureContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class ItemLimit extends ItemLimitContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class TimeLimit extends TimeLimitContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Retry extends RetryContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Fairness extends FairnessContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class ExecutorService extends ExecutorServiceContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Shared extends SharedContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Workers extends WorkersContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Observer extends ObserverContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class LateObserver extends LateObserverContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Stats extends StatsContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class WorkerContext extends WorkerContextContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class TaskLoader extends TaskLoaderContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class StreamSource extends StreamSourceContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class ItemOutcome extends ItemOutcomeContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class ShortForm extends ShortFormContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Priority extends PriorityContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Context extends ContextContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Progress extends ProgressContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }

  @Nested
  class Partial extends PartialContract {
    @Override
    protected PoolFactory backend() {
      return PoolContract.this.backend();
    }
  }
}
