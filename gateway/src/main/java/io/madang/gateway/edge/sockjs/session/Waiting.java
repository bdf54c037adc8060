package io.madang.gateway.edge.sockjs.session;

/** What a response tells the session it waits for, on the loop of its request. */
public interface Waiting {
  /** Of a response that belongs to no session. */
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
