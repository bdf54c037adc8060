package io.madang.dashboard.processing;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.List;

/** The sender of an upload as its service sees it, which notes what it is told. */
final class FakeSource implements UploadSource {
  int asked;
  final List<String> progress = new ArrayList<>();
  final List<String> answers = new ArrayList<>();

  @Override
  public void more(int items) {
    asked += items;
  }

  @Override
  public boolean progress(Payload item) {
    progress.add(item.toString());
    return true;
  }

  @Override
  public void reply(Payload result) {
    answers.add(result.toString());
  }

  @Override
  public void fail(Refusal refusal) {
    answers.add(refusal.code());
  }
}
