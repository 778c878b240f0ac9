/* The view change of GroupComm (docs/protocol/view-change.md, rules P1 to P14) for spin: one change, from view 1 with the
 * members 0, 1, 2 to its successor. Member 2 multicasts; node 3 asks to join; up to CRASHES nodes crash; members suspect
 * crashed ones, and up to FALSE times one that lives.
 *
 * What was said stays said: a frame may be taken late, never, or after its sender crashed. Links of GroupComm do less
 * (they keep the order), so no run is missed. What is modelled, what is not, what was searched: README.md.
 * A mutant is a macro, such as -DNO_MAJORITY; check.sh runs them all.
 */
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef FALSE
#define FALSE 1
#endif
#ifndef MESSAGES
#define MESSAGES 1
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

#define MEMBERS 7                       /* bits 0, 1, 2 */
#define JOINER 3
#define BALLOTS (ROUNDS * 3)            /* P1: ballot = round * 3 + rank; as a promise ballot + 1, and 0 is none */
#define BIT(i) (1 << (i))
#define HAS(set, i) (((set) >> (i)) & 1)
#define COUNT(set) (HAS(set, 0) + HAS(set, 1) + HAS(set, 2))

#ifdef NO_MAJORITY
#define QUORUM(set) (COUNT(set) >= 1)
#else
#define QUORUM(set) (COUNT(set) >= 2)   /* more than half of three */
#endif
#ifdef DECIDE_ON_FIRST
#define DECIDES(b) (accepted_by[b] != 0)
#else
#define DECIDES(b) QUORUM(accepted_by[b])
#endif

#ifdef ACK_AFTER_WEDGE
#define TAKES(m) (1)
#else
#define TAKES(m) (!HAS(wedged, m))      /* P3: a wedged member receives and acknowledges nothing of the view */
#endif
#ifdef BODIES_LATER
#define FIRST_BODIES 0
#else
#define FIRST_BODIES 1                  /* P9, P10: proposed and accepted only with the bodies */
#endif

byte up = 15;
byte wedged = 0;
byte promised[3];
byte accepted[3];                       /* the ballot + 1 under which it accepted last */
byte received[3];                       /* messages of member 2 that it holds: a prefix */
byte acked[3];                          /* what it has acknowledged of them */
byte suspects[3];                       /* bits */
#define asks 1                          /* the joiner has asked everybody before it begins */

byte answered[BALLOTS];                 /* who said Wedged */
byte said_accepted[BALLOTS * 3];        /* and what it said: what it had accepted, */
byte said_received[BALLOTS * 3];        /* and what it held */
byte proposed = 0;                      /* bits: ballots with a proposal */
byte members[BALLOTS];
byte cut[BALLOTS];
byte accepted_by[BALLOTS];

bool decided = false;
byte next = 0;                          /* the decided members, bit 3 for the joiner */
byte last = 0;                          /* the decided cut */
byte knows = 0;                         /* who has the decision */

byte sent = 0, safe = 0;
byte crashes = CRASHES, wrong = FALSE;
byte m, o, b, i, high, most, stay, ok;  /* only within a step: zero between steps */

/* P3: promises ballot b and answers it. */
inline answer(who) {
  promised[who] = b + 1;
  wedged = wedged | BIT(who);
  answered[b] = answered[b] | BIT(who);
  said_accepted[b * 3 + who] = accepted[who];
  said_received[b * 3 + who] = received[who];
}

/* most := what some process that is up and in the set holds, if it is more */
inline holders(set) {
  i = 0;
  do
  :: i < 3 && HAS((set) & up, i) && received[i] > most -> most = received[i]; i++
  :: i < 3 && !(HAS((set) & up, i) && received[i] > most) -> i++
  :: i == 3 -> break
  od
}

/* the bodies of a decided cut are where a quorum is (P10): else nobody can ever install it */
inline bodies_stay() {
  assert(!decided || COUNT(up) < 2 || (HAS(up, 0) && received[0] >= last) || (HAS(up, 1) && received[1] >= last) || (HAS(up, 2) && received[2] >= last))
}

/* Whoever acknowledged last may be the one that has heard of the others: what more than half acknowledged is delivered. */
inline deliver_safe() {
  if
  :: true && (acked[0] > safe) + (acked[1] > safe) + (acked[2] > safe) >= 2 ->
     safe++;
     assert(!decided || safe <= last) /* VS-17: what was delivered safe is in the cut */
  :: else
  fi
}

/* what these knew does not matter any more */
inline forget(set) {
  i = 0;
  do
  :: i < 3 && HAS(set, i) -> promised[i] = 0; accepted[i] = 0; suspects[i] = 0; i++
  :: i < 3 && !HAS(set, i) -> i++
  :: i == 3 -> break
  od
}

inline clean() { m = 0; o = 0; b = 0; i = 0; high = 0; most = 0; stay = 0; ok = 0 }

inline choose(set) { m = 0; do :: m < 2 -> m++ :: true && HAS(set, m) -> break :: m == 2 && !HAS(set, 2) -> break od }

active proctype everything() {
  do
  /* -- data of view 1 -------------------------------------------------------------------------------------------- */
  :: atomic { true && HAS(up, 2) && !HAS(wedged, 2) && sent < MESSAGES -> sent++; received[2] = sent; acked[2] = sent; clean() }
  :: atomic { true && (up & MEMBERS) != 0 -> choose(up);
       if
       :: m < 2 && HAS(up, m) && received[m] < sent && TAKES(m) -> received[m]++; acked[m] = received[m]; deliver_safe()
       :: else
       fi; clean() }

  /* -- the nemesis ----------------------------------------------------------------------------------------------- */
  :: atomic { crashes > 0 ->
       if
       :: true && HAS(up, 0) -> up = up & ~1
       :: true && HAS(up, 1) -> up = up & ~2
       :: true && HAS(up, 2) -> up = up & ~4
       :: true && HAS(up, JOINER) -> up = up & ~8
       fi; crashes--; forget(MEMBERS & ~up); bodies_stay(); clean() }
  :: atomic { wrong > 0 ->
       if
       :: true && HAS(up, 0) -> m = 0; o = 1
       :: true && HAS(up, 0) -> m = 0; o = 2
       :: true && HAS(up, 1) -> m = 1; o = 0
       :: true && HAS(up, 1) -> m = 1; o = 2
       :: true && HAS(up, 2) -> m = 2; o = 0
       :: true && HAS(up, 2) -> m = 2; o = 1
       fi; suspects[m] = suspects[m] | BIT(o); wrong--; clean() }
  :: atomic { true && (MEMBERS & ~up) != 0 -> choose(up); /* detection: a crashed member is suspected in the end */
       if
       :: true && HAS(up, m) && (suspects[m] | (MEMBERS & ~up)) != suspects[m] -> suspects[m] = suspects[m] | (MEMBERS & ~up)
       :: else
       fi; clean() }

  /* -- P2: whoever has a reason may start a ballot above all that it knows ------------------------------------------ */
  :: atomic { true && (up & MEMBERS & ~knows) != 0 -> choose(up & ~knows);
       if
       :: true && HAS(up & ~knows, m) && (suspects[m] != 0 || asks || wedged != 0) && promised[m] < BALLOTS ->
          b = (promised[m] / 3) * 3 + m; /* of this round if it is still above the promise, else of the next */
          if :: b < promised[m] -> b = b + 3 :: else fi;
          if :: b < BALLOTS -> answer(m) :: else fi
       :: else
       fi; clean() }

  /* -- P3: a member takes Wedge ------------------------------------------------------------------------------------- */
  :: atomic { true && (up & MEMBERS) != 0 -> choose(up); b = 0;
       do :: b < BALLOTS - 1 -> b++ :: break od;
       if
       :: true && HAS(up & ~knows, m) && m != b % 3 && HAS(answered[b], b % 3) && promised[m] < b + 1 -> answer(m)
       :: else
       fi; clean() }

  /* -- P4, P5, P7, P9: the coordinator of ballot b proposes ---------------------------------------------------------- */
  :: atomic { true && (up & MEMBERS) != 0 -> b = 0;
       do :: b < BALLOTS - 1 -> b++ :: break od;
       m = b % 3;
       ok = HAS(up & ~knows, m) && promised[m] == b + 1 && HAS(answered[b], m) && !HAS(proposed, b) &&
         QUORUM(answered[b]) && ((MEMBERS & ~suspects[m]) & ~answered[b]) == 0;
       high = 0; most = 0; i = 0;
       do
       :: ok && i < 3 ->
          if
          :: true && HAS(answered[b], i) ->
             if :: said_accepted[b * 3 + i] > high -> high = said_accepted[b * 3 + i] :: else fi;
             if :: said_received[b * 3 + i] > most -> most = said_received[b * 3 + i] :: else fi
          :: else
          fi; i++
       :: else -> break
       od;
#ifdef CUT_FROM_OWN_KNOWLEDGE
       most = received[m];
#endif
#ifdef IGNORE_ACCEPTED
       high = 0;
#endif
       if
       :: ok && high != 0 -> /* an accepted value is proposed unchanged */
          most = 0; holders(answered[b]);
          if
          :: most >= cut[high - 1] || received[m] >= cut[high - 1] ->
             members[b] = members[high - 1]; cut[b] = cut[high - 1];
             if :: received[m] < cut[b] -> received[m] = cut[b] :: else fi;
             proposed = proposed | BIT(b); accepted[m] = b + 1; accepted_by[b] = accepted_by[b] | BIT(m)
          :: else
          fi
       :: ok && high == 0 ->
          stay = answered[b] & ~suspects[m];
          o = most; most = 0; holders(answered[b]); /* P9: the bodies first, from whoever is still there */
          if
          :: true && QUORUM(stay) && (FIRST_BODIES == 0 || most >= o) ->
             members[b] = stay | (asks -> BIT(JOINER) : 0); cut[b] = o;
             if :: received[m] < o && most >= o -> received[m] = o :: else fi;
             proposed = proposed | BIT(b); accepted[m] = b + 1; accepted_by[b] = accepted_by[b] | BIT(m)
          :: else
          fi
       :: else
       fi; clean() }

  /* -- P10: a member accepts, with the bodies -------------------------------------------------------------------------- */
  :: atomic { true && (up & MEMBERS) != 0 -> choose(up); b = 0;
       do :: b < BALLOTS - 1 -> b++ :: break od;
       o = b % 3;
       ok = HAS(up & ~knows, m) && m != o && HAS(proposed, b) && promised[m] <= b + 1 && accepted[m] != b + 1 &&
         (FIRST_BODIES == 0 || received[m] >= cut[b] || HAS(answered[b], m) || HAS(up, o)); /* held, in the proposal, or to be pulled */
       if
       :: ok ->
          promised[m] = b + 1; wedged = wedged | BIT(m);
          if :: FIRST_BODIES == 1 && received[m] < cut[b] -> received[m] = cut[b] :: else fi;
          accepted[m] = b + 1; accepted_by[b] = accepted_by[b] | BIT(m)
       :: else
       fi; clean() }

  /* -- P11: acceptances of a quorum decide ------------------------------------------------------------------------------ */
  :: atomic { proposed != 0 -> b = 0;
       do :: b < BALLOTS - 1 -> b++ :: break od;
       m = b % 3;
       if
       :: true && HAS(up, m) && HAS(proposed, b) && HAS(accepted_by[b], m) && DECIDES(b) && !HAS(knows, m) ->
          assert(!decided || (next == members[b] && last == cut[b])); /* VS-4, VS-5, VS-9: one successor, one cut */
          assert(cut[b] >= safe);                                      /* VS-17 */
          decided = true; next = members[b]; last = cut[b];
          knows = knows | BIT(m); forget(knows); bodies_stay()
       :: else
       fi; clean() }

  /* -- P14: whoever has the decision tells those who have not, with the bodies that it holds ----------------------------- */
  :: atomic { true && (knows & up) != 0 && (up & ~knows) != 0 ->
       most = 0; holders(knows);
       i = 0;
       do
       :: i < 3 && HAS(up & ~knows, i) && (received[i] >= last || most >= last) ->
          received[i] = (received[i] < last -> last : received[i]); wedged = wedged | BIT(i); knows = knows | BIT(i); forget(knows); break
       :: i < 3 -> i++
       :: i == 3 ->
          if :: true && HAS(up & ~knows, JOINER) && most >= last -> knows = knows | BIT(JOINER) :: else fi; break
       od; clean() }
  od
}
