package dev.procpool.codec;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A search, breadth first, from a value through its parts to the object at fault.
 *
 * <p>Owned by one thread. It goes where serialization goes, looks at a bounded number of objects,
 * and runs only after a failure.
 */
final class FaultPath {

  private static final int MAX_OBJECTS = 200_000;

  private final Predicate<Object> isSought;
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Step> queue = new ArrayDeque<>();

  FaultPath(Predicate<Object> isSought) {
    this.isSought = isSought;
  }

  /**
   * One step from an object to a part of it.
   *
   * @param value the part
   * @param from the step to the object; null at the root
   * @param segment what to append to the path: {@code .field}, {@code [index]} or a phrase
   * @param detail what the part is, such as "field 'thread' of com.acme.Parser"; may be null
   * @param lambda the lambda if the part is its {@code this}; may be null
   */
  record Step(
      Object value,
      @Nullable Step from,
      String segment,
      @Nullable String detail,
      @Nullable SerializedLambda lambda) {

    /** What of its 'this' the lambda uses; null if there is no lambda or it can't be told. */
    @Nullable String use() {
      return lambda == null || from == null ? null : LambdaText.useOfThis(lambda, loader(from));
    }
  }

  /** Finds the way from a root; null if there is none that can be seen. */
  @Nullable Step find(Object root) {
    queue.clear();
    seen.add(root);
    queue.add(new Step(root, null, "", null, null));
    while (!queue.isEmpty()) {
      Step step = queue.remove();
      if (isSought.test(step.value)) {
        return step;
      }
      if (step.value instanceof Serializable || DataForm.of(step.value) != null) {
        try {
          addParts(step);
        } catch (RuntimeException e) {
          // a collection of the user's own that can't be iterated: look elsewhere
        }
      }
    }
    return null;
  }

  private void add(Step from, @Nullable Object part, String segment, @Nullable String detail) {
    add(from, part, segment, detail, null);
  }

  private void add(
      Step from,
      @Nullable Object part,
      String segment,
      @Nullable String detail,
      @Nullable SerializedLambda lambda) {
    if (part != null && !Leaves.isLeaf(part) && seen.size() < MAX_OBJECTS && seen.add(part)) {
      queue.add(new Step(part, from, segment, detail, lambda));
    }
  }

  private void addParts(Step step) {
    Object value = step.value;
    if (value instanceof Object[] array) {
      for (int i = 0; i < array.length; i++) {
        add(step, array[i], "[" + i + "]", null);
      }
    } else if (value instanceof SerializedLambda lambda) {
      for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
        SerializedLambda ofThis = LambdaText.isThis(lambda, i) ? lambda : null;
        String segment = LambdaText.captured(lambda, i, loader(step));
        add(step, lambda.getCapturedArg(i), segment, null, ofThis);
      }
    } else if (LambdaText.isLambda(value.getClass())) {
      addHiddenParts(step);
    } else if (value instanceof Optional<?> optional) {
      add(step, optional.orElse(null), ".get()", null);
    } else if (value instanceof Map.Entry<?, ?> entry && !(value instanceof Serializable)) {
      add(step, entry.getKey(), ".getKey()", null);
      add(step, entry.getValue(), ".getValue()", null);
    } else if (!(value instanceof Enum) && !(value instanceof Class)) {
      if (value instanceof Collection<?> collection) {
        addElements(step, collection);
      } else if (value instanceof Map<?, ?> map) {
        addEntries(step, map);
      }
      addFields(step);
    }
  }

  /** The loader of the class that a lambda, found at a step, stands in. */
  private static @Nullable ClassLoader loader(Step lambda) {
    Step from = lambda.from();
    return from == null
        ? Thread.currentThread().getContextClassLoader()
        : from.value().getClass().getClassLoader();
  }

  private void addElements(Step step, Collection<?> collection) {
    int i = 0;
    for (Object element : collection) {
      add(step, element, "[" + i++ + "]", null);
      if (i > MAX_OBJECTS) {
        return;
      }
    }
  }

  private void addEntries(Step step, Map<?, ?> map) {
    map.forEach(
        (key, value) -> {
          String name =
              key instanceof String text
                  ? "\"" + (text.length() > 50 ? text.substring(0, 50) + "..." : text) + "\""
                  : Leaves.isLeaf(key) || key instanceof Enum
                      ? String.valueOf(key)
                      : "a " + key.getClass().getName();
          add(step, key, "[key " + name + "]", null);
          add(step, value, "[" + name + "]", null);
        });
  }

  private void addFields(Step step) {
    boolean hidden = false;
    Class<?> type = step.value.getClass();
    for (; type != null && isWritten(type); type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
          continue;
        }
        if (!field.trySetAccessible()) {
          hidden = true;
        } else if (!Modifier.isTransient(field.getModifiers())) {
          addField(step, field);
        }
      }
    }
    boolean onlyElements =
        step.value instanceof List && step.value.getClass().getModule() == Object.class.getModule();
    if (!onlyElements && (hidden || hasOwnForm(step.value.getClass()))) {
      addHiddenParts(step);
    }
  }

  private static boolean isWritten(Class<?> type) {
    return Serializable.class.isAssignableFrom(type) || type.isRecord();
  }

  /** Tells whether a class writes something else than its fields. */
  private static boolean hasOwnForm(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals("writeReplace") || method.getName().equals("writeObject")) {
          return true;
        }
      }
    }
    return Externalizable.class.isAssignableFrom(type);
  }

  private void addField(Step step, Field field) {
    Class<?> type = field.getDeclaringClass();
    boolean tuple = Tuples.arity(step.value) > 0;
    boolean adapter = !tuple && type.getPackageName().equals("dev.procpool.function");
    String kind = type.isRecord() ? "component" : "field";
    String detail = kind + " '" + field.getName() + "' of " + type.getName();
    try {
      String compiled = tuple ? null : CompiledFields.segment(step.value, field);
      if (compiled != null) {
        add(step, field.get(step.value), compiled, null);
        return;
      }
      String segment = adapter ? "" : "." + field.getName();
      add(step, field.get(step.value), segment, tuple || adapter ? null : detail);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // it was made accessible
    }
  }

  /** Asks serialization itself where reflection may not look. */
  private void addHiddenParts(Step step) {
    for (Object part : ShallowOutput.partsOf(step.value)) {
      boolean lambda = part instanceof SerializedLambda;
      add(step, part, "", lambda ? null : "inside " + step.value.getClass().getName());
    }
  }
}
