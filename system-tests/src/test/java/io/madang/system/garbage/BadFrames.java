package io.madang.system.garbage;

import java.util.List;

/**
 * Frames that cannot be understood, or ask for what is not there. {@code #} stands for a ref; where there is none, or none that
 * can be read, the answer has none either.
 */
final class BadFrames {
  private static final int TOO_DEEP = 1_000;
  private static final String COMMAND =
      "{\"type\":\"command\",\"ref\":#,\"service\":\"chat\",\"name\":\"listRooms\"";

  /** A frame and the code that it must be answered with. */
  record Bad(String frame, String code) {
    boolean hasRef() {
      return frame.contains("#");
    }

    String withRef(long ref) {
      return frame.replace("#", Long.toString(ref));
    }

    @Override
    public String toString() {
      return frame.length() <= 90 ? frame : frame.substring(0, 80) + "… (" + frame.length() + ")";
    }
  }

  private static Bad bad(String frame) {
    return new Bad(frame.replace('\'', '"'), "bad-request");
  }

  private static Bad refused(String frame, String code) {
    return new Bad(frame.replace('\'', '"'), code);
  }

  private static Bad command(String rest) {
    return bad(COMMAND + rest);
  }

  /** To a service that keeps no ids, so that only the door can refuse them. */
  private static Bad withId(String id) {
    return bad(
        "{'type':'command','ref':#,'service':'presence','name':'onlineUsers','id':" + id + "}");
  }

  static final List<Bad> NOT_ONE_OBJECT = List.of(
      bad(""),
      bad(" "),
      bad("null"),
      bad("true"),
      bad("42"),
      bad("'text'"),
      bad("[]"),
      bad("[{'type':'ping'}]"),
      bad("{}"),
      bad("{"),
      bad("}"),
      bad("{'type'"),
      bad("{'type':'ping'"),
      bad("{'type':'ping',}"),
      bad("{'type':'ping'} x"),
      bad("{'type':'ping'}{'type':'ping'}"),
      bad("\ufeff{'type':'ping'}"),
      bad("\u0000"),
      bad("{'type':'ping'}\u0000"),
      bad("hello"),
      bad("<xml/>"),
      bad("\ud83d\ude00"),
      bad("x\ud836\udc00"),
      bad("{\ud836\udc00:1}"),
      bad("GET / HTTP/1.1"),
      bad("['{\\'type\\':\\'ping\\'}']"),
      bad("[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP)),
      bad("{'a':".repeat(TOO_DEEP) + "1" + "}".repeat(TOO_DEEP)),
      bad("[".repeat(32_000)),
      bad("x".repeat(32_000)),
      bad("{'type':'ping','more':" + "[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP) + "}"),
      bad("{'type':'ping','more':1e400}"),
      bad("{'type':'ping','more':NaN}"),
      bad("{'type':'ping','more':'\\u0000'}"),
      bad("{'type':'ping','more':'\\ud800'}"),
      bad("{'type':'ping','\\ud800':1}"),
      bad("{'type':'ping','type':'ping'}"));

  static final List<Bad> OF_NO_TYPE = List.of(
      bad("{'ref':#}"),
      bad("{'ref':#,'type':null}"),
      bad("{'ref':#,'type':7}"),
      bad("{'ref':#,'type':['ping']}"),
      bad("{'ref':#,'type':''}"),
      bad("{'ref':#,'type':'PING'}"),
      bad("{'ref':#,'type':'shout'}"),
      bad("{'ref':#,'type':'reply','result':1}"),
      bad("{'ref':#,'type':'pong'}"),
      bad("{'ref':#,'type':'" + "x".repeat(31_000) + "'}"));

  static final List<Bad> WITHOUT_A_REF = List.of(
      bad("{'type':'command','service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':null,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':'7','service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':[7],'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':{},'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':true,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':0,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':-0,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':-7,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':7.5,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':7.0,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':7e0,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':9007199254740992,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':9007199254740993,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':99999999999999999999,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':1e400,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':1e-400,'service':'chat','name':'listRooms'}"),
      bad("{'type':'command','ref':NaN,'service':'chat','name':'listRooms'}"),
      bad("{'type':'ping','ref':'7'}"),
      bad("{'type':'subscribe','topic':'room:lobby'}"),
      bad("{'type':'stream','service':'dashboard','name':'streamTime'}"),
      bad("{'type':'cancel'}"));

  static final List<Bad> OF_A_COMMAND = List.of(
      command(""),
      command(",'args':{}"),
      command(",'ref':8}"),
      command(",'name':'history'}"),
      command(",'args':7}"),
      command(",'args':'x'}"),
      command(",'args':true}"),
      command(",'args':{},'args':{}}"),
      command(",'args':{'take':1,'take':2}}"),
      command(",'args':[1,2,3,4,5]}"),
      command(",'args':" + "[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP) + "}"),
      command(",'args':{'a':" + "{'a':".repeat(TOO_DEEP) + "1" + "}".repeat(TOO_DEEP) + "}}"),
      withId("''"),
      withId("'" + "x".repeat(129) + "'"),
      withId("'" + "x".repeat(31_000) + "'"),
      withId("' '"),
      withId("'two words'"),
      withId("'\\ud800'"),
      withId("'\\u0000'"),
      withId("'\\u0007'"),
      withId("'\\u007f'"),
      withId("'\\u00a0'"),
      withId("'방'"),
      withId("7"),
      withId("['x']"),
      withId("{}"),
      withId("true"),
      bad("{'type':'command','ref':#}"),
      bad("{'type':'command','ref':#,'name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':'chat'}"),
      bad("{'type':'command','ref':#,'service':null,'name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':7,'name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':'','name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':['chat'],'name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':'" + "x".repeat(129) + "','name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':'chat\\u0000','name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':'\\udc00','name':'listRooms'}"),
      bad("{'type':'command','ref':#,'service':'chat','name':7}"),
      bad("{'type':'command','ref':#,'service':'chat','name':''}"),
      bad("{'type':'command','ref':#,'service':'chat','name':{}}"),
      bad("{'type':'command','ref':#,'service':'chat','name':'" + "x".repeat(129) + "'}"),
      bad("{'type':'command','ref':#,'service':'chat','name':'list\\u0000Rooms'}"),
      bad("{'type':'command','ref':#,'service':'chat','name':'\\ud800'}"),
      refused(
          "{'type':'command','ref':#,'service':'nobody','name':'listRooms'}", "unknown-service"),
      refused("{'type':'command','ref':#,'service':' chat','name':'listRooms'}", "unknown-service"),
      refused("{'type':'command','ref':#,'service':'..','name':'listRooms'}", "unknown-service"),
      refused("{'type':'command','ref':#,'service':'node','name':'listRooms'}", "unknown-service"),
      refused("{'type':'command','ref':#,'service':'한','name':'listRooms'}", "unknown-service"),
      refused("{'type':'command','ref':#,'service':'chat','name':'nothing'}", "unknown-command"),
      refused("{'type':'command','ref':#,'service':'chat','name':'list Rooms'}", "unknown-command"),
      refused("{'type':'command','ref':#,'service':'chat','name':'\\n'}", "unknown-command"),
      refused(
          "{'type':'command','ref':#,'service':'dashboard','name':'streamTime'}",
          "unknown-command"));

  static final List<Bad> OF_A_TOPIC = List.of(
      bad("{'type':'subscribe','ref':#}"),
      bad("{'type':'subscribe','ref':#,'topic':7}"),
      bad("{'type':'subscribe','ref':#,'topic':''}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:'}"),
      bad("{'type':'subscribe','ref':#,'topic':':lobby'}"),
      bad("{'type':'subscribe','ref':#,'topic':'ROOM:lobby'}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:\\u0007'}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:\\u0000'}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:\\ud800'}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:" + "x".repeat(300) + "'}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:" + "x".repeat(31_000) + "'}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':7}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':'e'}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'offset':1}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':7,'offset':1}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':'e','offset':-1}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':'e','offset':1.5}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':'e','offset':1e400}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':'e','offset':"
          + "99999999999999999999}}"),
      bad("{'type':'subscribe','ref':#,'topic':'room:lobby','since':{'epoch':'" + "e".repeat(31_000)
          + "','offset':1}}"),
      refused("{'type':'subscribe','ref':#,'topic':'nobody:owns'}", "unknown-topic"),
      refused("{'type':'subscribe','ref':#,'topic':'lobby'}", "unknown-topic"),
      bad("{'type':'resume','ref':#}"),
      bad("{'type':'resume','ref':#,'topics':7}"),
      bad("{'type':'resume','ref':#,'topics':{}}"),
      bad("{'type':'resume','ref':#,'topics':[7]}"),
      bad("{'type':'resume','ref':#,'topics':[{'topic':'room:lobby'}]}"),
      bad("{'type':'resume','ref':#,'topics':[{'topic':'','epoch':'e','offset':1}]}"),
      bad("{'type':'unsubscribe','ref':#}"),
      bad("{'type':'unsubscribe','ref':#,'topic':''}"),
      bad("{'type':'unsubscribe','ref':#,'topic':['room:lobby']}"));

  static final List<Bad> OF_SOMETHING_ELSE = List.of(
      bad("{'type':'stream','ref':#,'service':'dashboard'}"),
      bad("{'type':'stream','ref':#,'service':'dashboard','name':7}"),
      bad("{'type':'stream','ref':#,'service':'dashboard','name':'streamTime','args':7}"),
      refused(
          "{'type':'stream','ref':#,'service':'nobody','name':'streamTime'}", "unknown-service"),
      refused(
          "{'type':'stream','ref':#,'service':'dashboard','name':'nothing'}", "unknown-command"),
      refused("{'type':'stream','ref':#,'service':'chat','name':'listRooms'}", "unknown-command"),
      refused("{'type':'cancel','ref':#}", "unknown-ref"),
      refused("{'type':'more','ref':#,'items':1}", "unknown-ref"),
      bad("{'type':'more','ref':#}"),
      bad("{'type':'more','ref':#,'items':0}"),
      bad("{'type':'more','ref':#,'items':-1}"),
      bad("{'type':'more','ref':#,'items':1.5}"),
      bad("{'type':'more','ref':#,'items':'1'}"),
      bad("{'type':'more','ref':#,'items':99999999999}"),
      refused("{'type':'upload','ref':#,'service':'chat','name':'file'}", "unknown-command"),
      bad("{'type':'upload','ref':#,'service':7,'name':'file'}"),
      refused("{'type':'uploadItem','ref':#,'item':1}", "unknown-ref"),
      bad("{'type':'uploadItem','ref':#}"),
      refused("{'type':'uploadEnd','ref':#}", "unknown-ref"),
      bad("{'type':'refresh','ref':#}"),
      bad("{'type':'refresh','ref':#,'token':7}"),
      bad("{'type':'refresh','ref':#,'token':''}"),
      bad("{'type':'refresh','ref':#,'token':'" + "x".repeat(31_000) + "'}"),
      refused("{'type':'refresh','ref':#,'token':'a.b.c'}", "bad-token"),
      refused("{'type':'refresh','ref':#,'token':'\\u0007한'}", "bad-token"),
      bad("{'type':'connect','ref':#,'token':7}"),
      bad("{'type':'connect','ref':#,'token':''}"),
      refused("{'type':'connect','ref':#,'token':'a.b.c'}", "conflict"));

  private BadFrames() {}
}
