<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>AnalysisScreen</name>
    <message numerus="yes">
        <source>%Ln setting(s) still to be filled in or put right</source>
        <translation>
            <numerusform>%Ln setting still to be filled in or put right</numerusform>
            <numerusform>%Ln settings still to be filled in or put right</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupsPanel</name>
    <message numerus="yes">
        <source>%Ln experiment(s)</source>
        <translation>
            <numerusform>%Ln experiment</numerusform>
            <numerusform>%Ln experiments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Bell</name>
    <message numerus="yes">
        <source>%Ln unread notification(s)</source>
        <translation>
            <numerusform>%Ln unread notification</numerusform>
            <numerusform>%Ln unread notifications</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CandidatesStep</name>
    <message numerus="yes">
        <source>%Ln row(s) were tested already and left out</source>
        <translation>
            <numerusform>%Ln row was tested already and left out</numerusform>
            <numerusform>%Ln rows were tested already and left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) break a rule of the profile and were left out</source>
        <translation>
            <numerusform>%Ln row breaks a rule of the profile and was left out</numerusform>
            <numerusform>%Ln rows break a rule of the profile and were left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) have an empty setting and were left out</source>
        <translation>
            <numerusform>%Ln row has an empty setting and was left out</numerusform>
            <numerusform>%Ln rows have an empty setting and were left out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChosenRuns</name>
    <message numerus="yes">
        <source>%Ln row(s) chosen in a result, for “{0}”</source>
        <translation>
            <numerusform>%Ln row chosen in a result, for “{0}”</numerusform>
            <numerusform>%Ln rows chosen in a result, for “{0}”</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DesignStep</name>
    <message numerus="yes">
        <source>Without a list, over the ranges of %Ln variable(s); the profile&apos;s rules are respected.</source>
        <translation>
            <numerusform>Without a list, over the range of %Ln variable; the profile&apos;s rules are respected.</numerusform>
            <numerusform>Without a list, over the ranges of %Ln variables; the profile&apos;s rules are respected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{criterion} design, %Ln run(s)</source>
        <translation>
            <numerusform>{criterion} design, %Ln run</numerusform>
            <numerusform>{criterion} design, %Ln runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DoneChoice</name>
    <message numerus="yes">
        <source>%Ln experiment(s) of this project: complete them</source>
        <translation>
            <numerusform>the %Ln experiment of this project: complete it</numerusform>
            <numerusform>the %Ln experiments of this project: complete them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) already done are completed</source>
        <translation>
            <numerusform>%Ln run already done is completed</numerusform>
            <numerusform>%Ln runs already done are completed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) were made under other conditions</source>
        <translation>
            <numerusform>%Ln run was made under other conditions</numerusform>
            <numerusform>%Ln runs were made under other conditions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) lack one of the settings</source>
        <translation>
            <numerusform>%Ln run lacks one of the settings</numerusform>
            <numerusform>%Ln runs lack one of the settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExperimentsScreen</name>
    <message numerus="yes">
        <source>%Ln experiment(s)</source>
        <translation>
            <numerusform>%Ln experiment</numerusform>
            <numerusform>%Ln experiments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilesTab</name>
    <message numerus="yes">
        <source>%Ln file(s), {0}</source>
        <translation>
            <numerusform>%Ln file, {0}</numerusform>
            <numerusform>%Ln files, {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryScreen</name>
    <message numerus="yes">
        <source>%Ln run(s)</source>
        <translation>
            <numerusform>%Ln run</numerusform>
            <numerusform>%Ln runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HomeScreen</name>
    <message numerus="yes">
        <source>Running now, and %Ln more</source>
        <translation>
            <numerusform>Running now, and %Ln more</numerusform>
            <numerusform>Running now, and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message numerus="yes">
        <source>%Ln row(s) cannot be taken in</source>
        <translation>
            <numerusform>%Ln row cannot be taken in</numerusform>
            <numerusform>%Ln rows cannot be taken in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Import %Ln experiment(s)</source>
        <translation>
            <numerusform>Import %Ln experiment</numerusform>
            <numerusform>Import %Ln experiments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportsPanel</name>
    <message numerus="yes">
        <source>%Ln later value(s) kept</source>
        <translation>
            <numerusform>%Ln later value kept</numerusform>
            <numerusform>%Ln later values kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) rejected</source>
        <translation>
            <numerusform>%Ln row rejected</numerusform>
            <numerusform>%Ln rows rejected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobsScreen</name>
    <message numerus="yes">
        <source>Delete %Ln run(s)?</source>
        <translation>
            <numerusform>Delete %Ln run?</numerusform>
            <numerusform>Delete %Ln runs?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LinkedPanel</name>
    <message numerus="yes">
        <source>%Ln row(s) chosen</source>
        <translation>
            <numerusform>%Ln row chosen</numerusform>
            <numerusform>%Ln rows chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PredictionsPanel</name>
    <message numerus="yes">
        <source>%Ln prediction(s)</source>
        <translation>
            <numerusform>%Ln prediction</numerusform>
            <numerusform>%Ln predictions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileEditor</name>
    <message numerus="yes">
        <source>%Ln thing(s) to put right</source>
        <translation>
            <numerusform>%Ln thing to put right</numerusform>
            <numerusform>%Ln things to put right</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileScreen</name>
    <message numerus="yes">
        <source>%Ln of them should be looked at twice, marked with a question mark.</source>
        <translation>
            <numerusform>%Ln of them should be looked at twice, marked with a question mark.</numerusform>
            <numerusform>%Ln of them should be looked at twice, marked with a question mark.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message numerus="yes">
        <source>%Ln job(s) before it</source>
        <translation>
            <numerusform>%Ln job before it</numerusform>
            <numerusform>%Ln jobs before it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReferenceCard</name>
    <message numerus="yes">
        <source>%Ln run(s)</source>
        <translation>
            <numerusform>%Ln run</numerusform>
            <numerusform>%Ln runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultsStep</name>
    <message numerus="yes">
        <source>%Ln experiment(s) exported</source>
        <translation>
            <numerusform>%Ln experiment exported</numerusform>
            <numerusform>%Ln experiments exported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln running</source>
        <translation>
            <numerusform>%Ln running</numerusform>
            <numerusform>%Ln running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln queued</source>
        <translation>
            <numerusform>%Ln queued</numerusform>
            <numerusform>%Ln queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln being sent</source>
        <translation>
            <numerusform>%Ln being sent</numerusform>
            <numerusform>%Ln being sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting to be sent</source>
        <translation>
            <numerusform>%Ln waiting to be sent</numerusform>
            <numerusform>%Ln waiting to be sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StepRow</name>
    <message numerus="yes">
        <source>%Ln attempt(s)</source>
        <translation>
            <numerusform>%Ln attempt</numerusform>
            <numerusform>%Ln attempts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Ago</name>
    <message numerus="yes">
        <source>%Ln min ago</source>
        <translation>
            <numerusform>%Ln min ago</numerusform>
            <numerusform>%Ln min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln h ago</source>
        <translation>
            <numerusform>%Ln h ago</numerusform>
            <numerusform>%Ln h ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) ago</source>
        <translation>
            <numerusform>%Ln day ago</numerusform>
            <numerusform>%Ln days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counted</name>
    <message numerus="yes">
        <source>%Ln target(s)</source>
        <translation>
            <numerusform>%Ln target</numerusform>
            <numerusform>%Ln targets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln fold(s)</source>
        <translation>
            <numerusform>%Ln fold</numerusform>
            <numerusform>%Ln folds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln trial(s)</source>
        <translation>
            <numerusform>%Ln trial</numerusform>
            <numerusform>%Ln trials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln search(es)</source>
        <translation>
            <numerusform>%Ln search</numerusform>
            <numerusform>%Ln searches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln setting(s) tried</source>
        <translation>
            <numerusform>%Ln setting tried</numerusform>
            <numerusform>%Ln settings tried</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln pair(s)</source>
        <translation>
            <numerusform>%Ln pair</numerusform>
            <numerusform>%Ln pairs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln read(s)</source>
        <translation>
            <numerusform>%Ln read</numerusform>
            <numerusform>%Ln reads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counts</name>
    <message numerus="yes">
        <source>%Ln experiment(s) of {project}, revision {revision}: {filter}</source>
        <translation>
            <numerusform>%Ln experiment of {project}, revision {revision}: {filter}</numerusform>
            <numerusform>%Ln experiments of {project}, revision {revision}: {filter}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln column(s)</source>
        <translation>
            <numerusform>%Ln column</numerusform>
            <numerusform>%Ln columns</numerusform>
        </translation>
    </message>
</context>
</TS>
