package io.madang.gateway.edge.relay;

/** What a response tells the conversation it waits for, on the loop of its request. */
public interface Waiting {
  /** Of a response that belongs to no conversation. */
  Waiting FOR_NOTHING = new Waiting() {
    @Override
    public void taken(int bytes) {}

    @Override
    public void gone() {}
  };

  /** The network took so many bytes of the frames. */
  void taken(int bytes);

  /** The response cannot take any more, and what it has not taken is lost. */
  void gone();
}
