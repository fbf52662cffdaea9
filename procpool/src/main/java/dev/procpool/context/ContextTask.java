package dev.procpool.context;

import dev.procpool.function.Task1;
import dev.procpool.function.TaskAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A task with the context of its call. Around the task, so that it goes wherever that goes, in
 * whatever backend, by whatever codec. An ordinary class, as the other adapters are.
 */
final class ContextTask<A extends @Nullable Object, R extends @Nullable Object>
    implements Task1<A, R>, TaskAdapter {

  private static final long serialVersionUID = 1L;

  private final CallContext context;
  private final Task1<? super A, ? extends R> task;

  ContextTask(CallContext context, Task1<? super A, ? extends R> task) {
    this.context = context;
    this.task = task;
  }

  CallContext context() {
    return context;
  }

  @Override
  public Object target() {
    return task;
  }

  @Override
  public R call(A item) throws Exception {
    return context.call(task, item);
  }
}
