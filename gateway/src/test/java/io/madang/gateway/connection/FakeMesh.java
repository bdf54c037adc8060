package io.madang.gateway.connection;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.mesh.ask.MeshClient;
import io.madang.runtime.mesh.ask.StreamHandle;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.mesh.ask.UploadHandle;
import io.madang.runtime.mesh.ask.UploadListener;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** Services that answer when the test says so. */
final class FakeMesh implements MeshClient {
  final List<CommandCall> calls = new ArrayList<>();
  final List<Promise<CommandOutcome>> answers = new ArrayList<>();
  final List<StreamReader> readers = new ArrayList<>();
  final List<UploadListener> uploads = new ArrayList<>();
  final List<String> uploaded = new ArrayList<>();
  int credit;
  int cancelled;

  @Override
  public Future<CommandOutcome> command(String service, CommandCall call) {
    Promise<CommandOutcome> answer = Promise.promise();
    calls.add(call);
    answers.add(answer);
    return answer.future();
  }

  @Override
  public Future<TopicAnswer> read(TopicRead read) {
    return Future.failedFuture("not asked here");
  }

  @Override
  public UploadHandle upload(String service, UploadCall call, UploadListener listener) {
    uploads.add(listener);
    return new UploadHandle() {
      @Override
      public void item(Payload item) {
        uploaded.add(item.toString());
      }

      @Override
      public void end() {
        uploaded.add("end");
      }

      @Override
      public void cancel() {
        uploaded.add("cancel");
      }
    };
  }

  @Override
  public StreamHandle stream(
      String service, StreamCall call, int firstCredit, StreamReader reader) {
    readers.add(reader);
    credit += firstCredit;
    return new StreamHandle() {
      @Override
      public void more(int items) {
        credit += items;
      }

      @Override
      public void cancel() {
        cancelled++;
      }
    };
  }
}
