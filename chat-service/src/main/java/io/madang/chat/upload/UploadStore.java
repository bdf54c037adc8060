package io.madang.chat.upload;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Uploads and their parts in PostgreSQL. */
final class UploadStore {
  /** Parts read at once. */
  private static final int PAGE = 8;

  private final Pool pool;

  UploadStore(Pool pool) {
    this.pool = pool;
  }

  /** Where an upload stands. */
  record State(
      String id,
      String name,
      String type,
      Optional<Long> length,
      long received,
      Optional<byte[]> sha256) {
    boolean isComplete() {
      return sha256.isPresent();
    }
  }

  /** What became of a part. */
  record Appended(String status, long received) {}

  /** One part. */
  record Part(long pos, Buffer bytes) {}

  Future<String> create(
      String id, String room, String owner, String name, String type, Long length, int open) {
    return one(
            "select chat.create_upload($1, $2, $3, $4, $5, $6, $7) as status",
            Tuple.of(id, room, owner, name, type).addValue(length).addValue(open))
        .map(row -> row.getString("status"));
  }

  Future<Appended> append(String id, String owner, long pos, byte[] bytes, long maxBytes) {
    return one(
            "select status, received from chat.append_upload($1, $2, $3, $4, $5)",
            Tuple.of(id, owner, pos, Buffer.buffer(bytes), maxBytes))
        .map(row -> new Appended(row.getString("status"), row.getLong("received")));
  }

  Future<String> complete(String id, String owner, long received, byte[] sha256) {
    return one(
            "select chat.complete_upload($1, $2, $3, $4) as status",
            Tuple.of(id, owner, received, Buffer.buffer(sha256)))
        .map(row -> row.getString("status"));
  }

  /** For its owner. */
  Future<Optional<State>> own(String id, String owner) {
    return state("select * from chat.upload where id = $1 and owner = $2", Tuple.of(id, owner));
  }

  /** A complete one, for whoever may hear its room now. */
  Future<Optional<State>> readable(String id, String user) {
    return state("select * from chat.readable_upload($1, $2)", Tuple.of(id, user));
  }

  private Future<Optional<State>> state(String sql, Tuple arguments) {
    return query(sql, arguments).map(rows -> {
      if (rows.size() == 0) {
        return Optional.empty();
      }
      Row row = rows.iterator().next();
      return Optional.of(new State(
          row.getString("id"),
          row.getString("name"),
          row.getString("type"),
          Optional.ofNullable(row.getLong("length")),
          row.getLong("received"),
          Optional.ofNullable(row.getBuffer("sha256")).map(Buffer::getBytes)));
    });
  }

  Future<Boolean> drop(String id, String owner) {
    return query("delete from chat.upload where id = $1 and owner = $2", Tuple.of(id, owner))
        .map(rows -> rows.rowCount() > 0);
  }

  /** The next parts from a place on, in order; none at the end. */
  Future<List<Part>> parts(String id, long from) {
    return query(
            "select pos, bytes from chat.upload_part where upload = $1 and pos >= $2 order by pos limit $3",
            Tuple.of(id, from, PAGE))
        .map(rows -> {
          List<Part> parts = new ArrayList<>(rows.size());
          rows.forEach(row -> parts.add(new Part(row.getLong("pos"), row.getBuffer("bytes"))));
          return parts;
        });
  }

  /** Of all that is kept of it, a page at a time. */
  Future<byte[]> hash(String id) {
    return hash(id, 0, sha256());
  }

  private Future<byte[]> hash(String id, long from, MessageDigest digest) {
    return parts(id, from).compose(parts -> {
      if (parts.isEmpty()) {
        return Future.succeededFuture(digest.digest());
      }
      long next = from;
      for (Part part : parts) {
        digest.update(part.bytes().getBytes());
        next = part.pos() + part.bytes().length();
      }
      return hash(id, next, digest);
    });
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  Future<Integer> sweep(Instant untouchedSince, int batch) {
    return one(
            "select chat.sweep_uploads($1, $2) as swept",
            Tuple.of(untouchedSince.atOffset(ZoneOffset.UTC), batch))
        .map(row -> row.getInteger("swept"));
  }

  private Future<Row> one(String sql, Tuple arguments) {
    return query(sql, arguments).map(rows -> rows.iterator().next());
  }

  private Future<RowSet<Row>> query(String sql, Tuple arguments) {
    return pool.preparedQuery(sql).execute(arguments);
  }
}
