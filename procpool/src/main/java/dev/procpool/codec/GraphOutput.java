package dev.procpool.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The object stream that values are written with; it remembers what it came across, to tell what is
 * at fault.
 */
final class GraphOutput extends ObjectOutputStream {

  private final Map<Object, Object> replacements;
  private @Nullable Object last;
  private @Nullable List<SerializedLambda> lambdas;

  /** The record classes met; few, and seldom any. */
  private @Nullable List<RecordShape> shapes;

  /** What was met before each exception: the stream appends the one that it fails with. */
  private @Nullable Map<Object, @Nullable Object> beforeExceptions;

  GraphOutput(OutputStream out, Map<Object, Object> replacements) throws IOException {
    super(out);
    this.replacements = replacements;
    enableReplaceObject(true);
  }

  @Override
  protected Object replaceObject(Object object) {
    if (object instanceof IOException) {
      if (beforeExceptions == null) {
        beforeExceptions = new IdentityHashMap<>();
      }
      beforeExceptions.put(object, last);
    }
    last = object;
    if (object instanceof SerializedLambda lambda) {
      if (lambdas == null) {
        lambdas = new ArrayList<>();
      }
      lambdas.add(lambda);
    }
    Object replacement =
        replacements.isEmpty() ? object : replacements.getOrDefault(object, object);
    if (replacement instanceof Serializable && !(replacement instanceof List)) {
      return replacement; // as most are, without a look at the forms
    }
    DataForm form = DataForm.of(replacement);
    return form == null ? replacement : new StandIn(replacement, form);
  }

  /** Writes of what class a record is: its number, and what that means where it is new. */
  RecordShape writeShape(Class<?> type) throws IOException {
    if (shapes == null) {
      shapes = new ArrayList<>(2);
    }
    for (int i = 0; i < shapes.size(); i++) {
      if (shapes.get(i).type() == type) {
        writeInt(i);
        return shapes.get(i);
      }
    }
    RecordShape shape = Objects.requireNonNull(RecordShape.of(type)); // it has the form of one
    writeInt(shapes.size());
    writeUTF(type.getName());
    writeUTF(shape.signature());
    shapes.add(shape);
    return shape;
  }

  /** The object met before a failure: the one that could not be written, if that is the failure. */
  @Nullable Object lastBefore(Throwable failure) {
    return beforeExceptions != null && beforeExceptions.containsKey(failure)
        ? beforeExceptions.get(failure)
        : last;
  }

  /** The lambdas met, in order. */
  List<SerializedLambda> lambdas() {
    return lambdas == null ? List.of() : lambdas;
  }
}
