<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>AnalysisScreen</name>
    <message numerus="yes">
        <source>%n setting(s) still to be filled in</source>
        <translation>
            <numerusform>%n setting still to be filled in</numerusform>
            <numerusform>%n settings still to be filled in</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupsPanel</name>
    <message numerus="yes">
        <source>%n experiment(s)</source>
        <translation>
            <numerusform>%n experiment</numerusform>
            <numerusform>%n experiments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Bell</name>
    <message numerus="yes">
        <source>%n unread notification(s)</source>
        <translation>
            <numerusform>%n unread notification</numerusform>
            <numerusform>%n unread notifications</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CandidatesStep</name>
    <message numerus="yes">
        <source>%n row(s) were tested already and left out</source>
        <translation>
            <numerusform>%n row was tested already and left out</numerusform>
            <numerusform>%n rows were tested already and left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) break a rule of the profile and were left out</source>
        <translation>
            <numerusform>%n row breaks a rule of the profile and was left out</numerusform>
            <numerusform>%n rows break a rule of the profile and were left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have an empty setting and were left out</source>
        <translation>
            <numerusform>%n row has an empty setting and was left out</numerusform>
            <numerusform>%n rows have an empty setting and were left out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DesignStep</name>
    <message numerus="yes">
        <source>Without a list, over the ranges of %n variable(s); the profile&apos;s rules are respected.</source>
        <translation>
            <numerusform>Without a list, over the range of %n variable; the profile&apos;s rules are respected.</numerusform>
            <numerusform>Without a list, over the ranges of %n variables; the profile&apos;s rules are respected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{criterion} design, %n run(s)</source>
        <translation>
            <numerusform>{criterion} design, %n run</numerusform>
            <numerusform>{criterion} design, %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DoneChoice</name>
    <message numerus="yes">
        <source>%n experiment(s) of this project: complete them</source>
        <translation>
            <numerusform>the %n experiment of this project: complete it</numerusform>
            <numerusform>the %n experiments of this project: complete them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) already done are completed</source>
        <translation>
            <numerusform>%n run already done is completed</numerusform>
            <numerusform>%n runs already done are completed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) were made under other conditions</source>
        <translation>
            <numerusform>%n run was made under other conditions</numerusform>
            <numerusform>%n runs were made under other conditions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) lack one of the settings</source>
        <translation>
            <numerusform>%n run lacks one of the settings</numerusform>
            <numerusform>%n runs lack one of the settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExperimentsScreen</name>
    <message numerus="yes">
        <source>%n experiment(s)</source>
        <translation>
            <numerusform>%n experiment</numerusform>
            <numerusform>%n experiments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryScreen</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HomeScreen</name>
    <message numerus="yes">
        <source>Running now, and %n more</source>
        <translation>
            <numerusform>Running now, and %n more</numerusform>
            <numerusform>Running now, and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message numerus="yes">
        <source>%n row(s) cannot be taken in</source>
        <translation>
            <numerusform>%n row cannot be taken in</numerusform>
            <numerusform>%n rows cannot be taken in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Import %n experiment(s)</source>
        <translation>
            <numerusform>Import %n experiment</numerusform>
            <numerusform>Import %n experiments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportsPanel</name>
    <message numerus="yes">
        <source>%n later value(s) kept</source>
        <translation>
            <numerusform>%n later value kept</numerusform>
            <numerusform>%n later values kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) rejected</source>
        <translation>
            <numerusform>%n row rejected</numerusform>
            <numerusform>%n rows rejected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobsScreen</name>
    <message numerus="yes">
        <source>Delete %n run(s)?</source>
        <translation>
            <numerusform>Delete %n run?</numerusform>
            <numerusform>Delete %n runs?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LinkedPanel</name>
    <message numerus="yes">
        <source>%n row(s) chosen</source>
        <translation>
            <numerusform>%n row chosen</numerusform>
            <numerusform>%n rows chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PredictionsPanel</name>
    <message numerus="yes">
        <source>%n prediction(s)</source>
        <translation>
            <numerusform>%n prediction</numerusform>
            <numerusform>%n predictions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileEditor</name>
    <message numerus="yes">
        <source>%n thing(s) to put right</source>
        <translation>
            <numerusform>%n thing to put right</numerusform>
            <numerusform>%n things to put right</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileScreen</name>
    <message numerus="yes">
        <source>%n of them should be looked at twice, marked with a question mark.</source>
        <translation>
            <numerusform>%n of them should be looked at twice, marked with a question mark.</numerusform>
            <numerusform>%n of them should be looked at twice, marked with a question mark.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultsStep</name>
    <message numerus="yes">
        <source>%n experiment(s) exported</source>
        <translation>
            <numerusform>%n experiment exported</numerusform>
            <numerusform>%n experiments exported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n queued</source>
        <translation>
            <numerusform>%n queued</numerusform>
            <numerusform>%n queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n being sent</source>
        <translation>
            <numerusform>%n being sent</numerusform>
            <numerusform>%n being sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting to be sent</source>
        <translation>
            <numerusform>%n waiting to be sent</numerusform>
            <numerusform>%n waiting to be sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StepRow</name>
    <message numerus="yes">
        <source>%n attempt(s)</source>
        <translation>
            <numerusform>%n attempt</numerusform>
            <numerusform>%n attempts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Ago</name>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n min ago</numerusform>
            <numerusform>%n min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n h ago</numerusform>
            <numerusform>%n h ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
</context>
</TS>
