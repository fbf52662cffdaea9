package dev.procpool.codec;

import static dev.procpool.codec.Codecs.CODEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

/** Values whose class is compiled for a Java that the reader is too old for. */
class NewerClassTest {

  private static final int VERSION_OF_JAVA_200 = 244;

  private record Point(int x) {}

  private static final class Task implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void theClassBothVersionsAndTheCureAreNamed() throws Exception {
    for (Object value : new Object[] {new Task(), new Point(1)}) {
      byte[] bytes = Codecs.encode(value);
      assertThatThrownBy(() -> CODEC.decode(bytes, 0, bytes.length, new Newer()))
          .as("%s", value)
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("class " + value.getClass().getName() + " is compiled for Java 200")
          .hasMessageContaining("runs on Java " + Runtime.version().feature())
          .hasMessageContaining("--release " + Runtime.version().feature())
          .hasMessageContaining("javaHome")
          .hasMessageNotContaining("class path");
    }
  }

  @Test
  void whatIsWordedOtherwiseIsToldAsItIs() {
    String preview = "Preview features are not enabled for A (class file version 61.65535)";
    assertThat(NewerClass.describe(new UnsupportedClassVersionError(preview))).isEqualTo(preview);
  }

  /** Has this test's classes as a compiler of a much later Java would have made them. */
  private static final class Newer extends ClassLoader {

    Newer() {
      super(NewerClassTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(NewerClassTest.class.getName())) {
        return super.loadClass(name, resolve);
      }
      String path = name.replace('.', '/') + ".class";
      try (InputStream in = NewerClassTest.class.getClassLoader().getResourceAsStream(path)) {
        byte[] file = in.readAllBytes();
        file[7] = (byte) VERSION_OF_JAVA_200; // magic, minor, major
        return defineClass(name, file, 0, file.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
