package acme

import dev.procpool.Pool
import dev.procpool.function.Task1
import dev.procpool.local.ProcessPool
import java.nio.file.Path
import java.util.Optional
import java.util.concurrent.ExecutionException
import scala.concurrent.Future
import scala.jdk.CollectionConverters._

class Connection // not serializable

trait Step { def of(x: Int): Int }

trait SerializableStep extends Serializable { def of(x: Int): Int }

trait SerializableFunction[T, R] extends java.util.function.Function[T, R] with Serializable

class Orders(rate: Int) {
  private val items = List[Integer](1, 2).asJava

  def priced(x: Int): Int = x * rate

  def field(pool: Pool) = pool.map((x: Integer) => x * rate, items)

  def method(pool: Pool) = pool.map((x: Integer) => priced(x), items)

  def copied(pool: Pool) = {
    val rate = this.rate
    pool.map((x: Integer) => x * rate, items)
  }

  def localMethod(pool: Pool) = {
    def twice(x: Int) = 2 * x * rate
    pool.map((x: Integer) => twice(x), items)
  }

  def copiedForLocalMethod(pool: Pool) = {
    val rate = this.rate
    def twice(x: Int) = 2 * x * rate
    pool.map((x: Integer) => twice(x), items)
  }

  def anonymous(pool: Pool) =
    pool.map(new Task1[Integer, Int] { override def call(x: Integer): Int = x * rate }, items)

  def copiedForAnonymous(pool: Pool) = {
    val rate = this.rate
    pool.map(new Task1[Integer, Int] { override def call(x: Integer): Int = x * rate }, items)
  }

  class Inner extends Task1[Integer, Int] {
    override def call(x: Integer): Int = x * rate
  }

  def inner(pool: Pool) = pool.map(new Inner, items)
}

object Orders {
  private val rate = 5

  class Nested(rate: Int) extends Task1[Integer, Int] {
    override def call(x: Integer): Int = x * rate
  }

  def lambda(pool: Pool) = pool.map((x: Integer) => x * rate, List[Integer](1, 2).asJava)
}

class Holder(val connection: Connection) extends Serializable

class TransientHolder(@transient val connection: Connection) extends Serializable

class Named(val name: String)

case class Line(at: Path, note: Optional[String], parts: List[Option[Optional[Int]]], none: Unit)

object Main {
  def show(name: String)(call: => Any): Unit = {
    val shown = try call catch { case e: ExecutionException => e.getCause.getMessage; case e: Exception => e }
    println("== " + name + "\n" + shown)
  }

  def main(args: Array[String]): Unit = {
    val pool = ProcessPool.create(1)
    val items = List[Integer](1, 2).asJava
    val orders = new Orders(3)
    val connection = new Connection
    val function: Int => Int = x => x * 2
    val step: Step = x => x * 2
    val serializableStep: SerializableStep = x => x * 2
    val javaFunction: java.util.function.Function[Int, Int] = x => x * 2
    val serializableFunction: SerializableFunction[Int, Int] = x => x * 2

    show("a field") { orders.field(pool) }
    show("a method") { orders.method(pool) }
    show("a field, copied") { orders.copied(pool) }
    show("a local method") { orders.localMethod(pool) }
    show("a local method, copied") { orders.copiedForLocalMethod(pool) }
    show("an anonymous class") { orders.anonymous(pool) }
    show("an anonymous class, copied") { orders.copiedForAnonymous(pool) }
    show("an inner class") { orders.inner(pool) }
    show("a class of an object") { pool.map(new Orders.Nested(3), items) }
    show("in a companion") { Orders.lambda(pool) }
    show("a variable") { pool.map((x: Integer) => x + connection.hashCode, items) }
    show("a function") { pool.map((x: Integer) => function(x), items) }
    show("a trait") { pool.map((x: Integer) => step.of(x), items) }
    show("a serializable trait") { pool.map((x: Integer) => serializableStep.of(x), items) }
    show("an interface of Java") { pool.map((x: Integer) => javaFunction.apply(x), items) }
    show("a serializable one of Java") { pool.map((x: Integer) => serializableFunction.apply(x), items) }
    show("a class as argument") { pool.map((x: Named) => x.name, List(new Named("a")).asJava) }
    show("a class as result") { pool.map((x: String) => new Named(x), List("a").asJava) }
    show("a field of an argument") { pool.map((x: Holder) => 1, List(new Holder(connection)).asJava) }
    show("a transient field") { pool.map((x: TransientHolder) => x.connection == null, List(new TransientHolder(connection)).asJava) }
    show("in a list") { pool.map((x: List[Any]) => x.size, List(List(1, connection)).asJava) }
    show("in a lazy list") { pool.map((x: LazyList[Int]) => x.sum, List(LazyList.from(1).map(_ + connection.hashCode).take(2)).asJava) }
    show("a future") { pool.map((x: Future[Int]) => 1, List(Future.successful(1)).asJava) }
    show("data") { pool.map((x: Line) => x, List(Line(Path.of("a"), Optional.of("b"), List(Some(Optional.of(1)), None), ())).asJava) }
    pool.close()
  }
}
